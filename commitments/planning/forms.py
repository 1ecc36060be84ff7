"""What an office writes into its plan."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.figures import FigureField
from agencies.models import Agency
from agencies.widgets import DateInput, ManyOf
from commitments import dates
from commitments.criteria import CriteriaField, criteria_asked
from commitments.models import Action, Criterion, Declaration, Plan, Point
from commitments.models.frameworks import YEARS
from commitments.seen import SeenForm
from commitments.states import DeclarationState


class PointField(forms.ModelChoiceField):
    def label_from_instance(self, point: Any) -> str:
        return f"{point.order}. {point.text[:90]}"


class ActionForm(SeenForm):
    point = PointField(
        label=_("Butir komitmen"),
        queryset=Point.objects.none(),
        required=False,
        empty_label=_("Tanpa butir"),
        error_messages={"invalid_choice": _("Pilih butir dari daftar.")},
    )
    criteria = CriteriaField(
        label=_("Kriteria penilaian"),
        queryset=Criterion.objects.none(),
        required=False,
        help_text=_(
            "Boleh lebih dari satu, juga dari kerangka yang berbeda. Dikosongkan: kriteria butir yang dipilih di atas."
        ),
    )

    class Meta:
        model = Action
        fields = [
            "point", "title", "indicator", "unit", "baseline", "target_1", "target_2", "target_3", "target_4",
            "budget", "budget_source", "person_in_charge", "partner", "due_on", "has_beneficiaries", "criteria",
        ]  # fmt: skip
        widgets = {"due_on": DateInput()}
        field_classes = dict.fromkeys(
            ("baseline", "target_1", "target_2", "target_3", "target_4", "budget"), FigureField
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        year = self.instance.plan.year
        self.fields["point"].queryset = _points_of(self.instance)  # type: ignore[attr-defined]
        self.fields["criteria"].queryset = _criteria_of(self.instance)  # type: ignore[attr-defined]
        if not self.fields["criteria"].queryset.exists():  # type: ignore[attr-defined]
            none = _("Belum ada kriteria untuk tahun %(year)s. Administrator DPPPA yang memasukkannya.")
            self.fields["criteria"].help_text = none % {"year": year}
        if not self.fields["point"].queryset.exists():  # type: ignore[attr-defined]
            none = _("Belum ada deklarasi tahun %(year)s yang terbit.")
            self.fields["point"].help_text = none % {"year": year}
        self.fields["budget"].initial = 0
        self.fields["budget"].required = False
        self.fields["due_on"].widget.attrs |= {"min": f"{year}-01-01", "max": f"{year}-12-31"}
        self.fields["person_in_charge"].widget.attrs["list"] = "focal-point"
        self.helper = self._helper()

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"novalidate": ""}
        note = _("Target dihitung sejak Januari sampai akhir triwulan itu.")
        targets = HTML(f'<p class="form-text">{note}</p>')
        helper.layout = Layout(
            Fieldset(_("Apa yang dilakukan"), "point", "title", "criteria"),
            Fieldset(
                _("Ukuran dan target"),
                Row(
                    Column("indicator"),
                    Column("unit", css_class="col-md-3"),
                    Column("baseline", css_class="col-md-3"),
                ),
                Row(Column("target_1"), Column("target_2"), Column("target_3"), Column("target_4")),
                targets,
                "has_beneficiaries",
            ),
            Fieldset(
                _("Siapa, kapan, dan dengan apa"),
                Row(Column("person_in_charge"), Column("partner")),
                Row(Column("due_on", css_class="col-md-4"), Column("budget"), Column("budget_source")),
            ),
            "seen",
            Submit("simpan", _("Simpan rencana aksi"), css_class="btn-lg"),
        )
        return helper

    def _get_validation_exclusions(self) -> set[str]:
        """The plan stands in no field, and is part of what must be unique."""
        return super()._get_validation_exclusions() - {"plan"}  # type: ignore[misc]

    def clean_budget(self) -> Any:
        return self.cleaned_data["budget"] or 0

    def clean(self) -> dict[str, Any]:
        """What is tagged with nothing counts for what its point counts for."""
        super().clean()
        cleaned = self.cleaned_data
        self._require_rising_targets()
        point = cleaned.get("point")
        if point and not cleaned.get("criteria") and "criteria" not in self.errors:
            cleaned["criteria"] = point.criteria.filter(framework__year=self.instance.plan.year)
        return cleaned

    def _require_rising_targets(self) -> None:
        """They are counted from January: none is below the one before."""
        highest = None
        for name in ("target_1", "target_2", "target_3", "target_4"):
            target = self.cleaned_data.get(name)
            if not target or target < 0:  # told by their own rules
                continue
            if highest is not None and target < highest:
                self.add_error(
                    name, _("Dihitung sejak Januari, jadi tidak dapat kurang dari triwulan sebelumnya.")
                )
            highest = target

    def clean_due_on(self) -> Any:
        due = self.cleaned_data["due_on"]
        if due.year != self.instance.plan.year:
            year = self.instance.plan.year
            raise ValidationError(_("Pilih tanggal dalam tahun %(year)s.") % {"year": year})
        return due


class PointCriteriaForm(forms.Form):
    """For each point of a declaration, the criteria it counts for."""

    def __init__(self, *args: Any, declaration: Declaration, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.points = {
            f"butir-{point.order}": point for point in declaration.points.prefetch_related("criteria")
        }
        asked = criteria_asked(declaration.year, Criterion.objects.filter(points__declaration=declaration))
        for name, point in self.points.items():
            self.fields[name] = CriteriaField(
                label=_("Kriteria untuk butir %(order)s") % {"order": point.order},
                queryset=asked,
                required=False,
                initial=[criterion.pk for criterion in point.criteria.all()],
            )

    @property
    def rows(self) -> list[tuple[Point, forms.BoundField]]:
        return [(point, self[name]) for name, point in self.points.items()]

    @property
    def chosen(self) -> dict[Point, QuerySet[Criterion]]:
        return {point: self.cleaned_data[name] for name, point in self.points.items()}


def _points_of(action: Action) -> Any:
    """The points of what was promised for that year, and the one that was chosen already."""
    promised = Q(declaration__year=action.plan.year) & Q(
        declaration__state__in=(DeclarationState.OPEN, DeclarationState.CLOSED)
    )
    return Point.objects.filter(promised | Q(pk=action.point_id)).order_by("declaration", "order", "pk")


def _criteria_of(action: Action) -> QuerySet[Criterion]:
    chosen = action.criteria.all() if action.pk else Criterion.objects.none()
    return criteria_asked(action.plan.year, chosen)


class YearForm(forms.Form):
    """The year of a plan that is begun."""

    year = forms.IntegerField(label=_("Tahun"), min_value=YEARS[0], max_value=YEARS[1])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = dates.today().year


class CopyForm(forms.Form):
    source = PointField(
        label=_("Salin dari"),
        empty_label=_("Belum dipilih"),
        queryset=Plan.objects.none(),
        error_messages={
            "required": _("Pilih rencana yang hendak disalin."),
            "invalid_choice": _("Pilih dari daftar."),
        },
    )

    def __init__(self, *args: Any, plans: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = plans  # type: ignore[attr-defined]
        self.fields["source"].label_from_instance = str  # type: ignore[attr-defined]


class TemplateForm(forms.Form):
    """To which offices a plan is handed out as a template."""

    agencies = ManyOf(
        label=_("Perangkat daerah"),
        queryset=Agency.objects.none(),
        error_messages={"required": _("Pilih sedikitnya satu perangkat daerah.")},
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["agencies"].initial = [agency.pk for agency in agencies]
