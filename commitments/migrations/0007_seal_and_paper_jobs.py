import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import commitments.states
from commitments import triggers

# SQLite changes a table by making it anew, and its triggers go with the old one.
LIFT = migrations.RunPython(
    lambda apps, editor: triggers.remove(editor), lambda apps, editor: triggers.install(editor)
)
PUT_BACK = migrations.RunPython(
    lambda apps, editor: triggers.install(editor), lambda apps, editor: triggers.remove(editor)
)


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0006_text_rows_are_salted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        LIFT,
        migrations.CreateModel(
            name="PaperJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=commitments.states.document_kinds, max_length=20, verbose_name="jenis"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="diminta")),
                (
                    "state",
                    models.CharField(
                        choices=commitments.states.job_states,
                        default="waiting",
                        max_length=10,
                        verbose_name="keadaan",
                    ),
                ),
                ("unsealed", models.BooleanField(default=False, verbose_name="tanpa segel")),
                (
                    "claimed_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="dikerjakan sampai"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="percobaan")),
                ("not_before", models.DateTimeField(blank=True, null=True, verbose_name="tidak sebelum")),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=60, verbose_name="kesalahan terakhir"),
                ),
            ],
            options={
                "verbose_name": "pekerjaan naskah",
                "verbose_name_plural": "pekerjaan naskah",
                "ordering": ["asked_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="document",
            name="seal_fingerprint",
            field=models.CharField(blank=True, max_length=64, verbose_name="sidik sertifikat segel"),
        ),
        migrations.AddField(
            model_name="document",
            name="seal_level",
            field=models.CharField(
                choices=commitments.states.seal_levels, default="none", max_length=4, verbose_name="segel"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="sealed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="disegel"),
        ),
        migrations.AddField(
            model_name="document",
            name="timestamped_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="stempel waktu"),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="document_hash_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("seal_fingerprint", ""),
                        ("seal_level", "none"),
                        ("sealed_at__isnull", True),
                        ("timestamped_at__isnull", True),
                    ),
                    models.Q(
                        ("seal_fingerprint__regex", "^[0-9a-f]{64}$"),
                        ("seal_level", "b-b"),
                        ("sealed_at__isnull", False),
                        ("timestamped_at__isnull", True),
                    ),
                    models.Q(
                        ("seal_fingerprint__regex", "^[0-9a-f]{64}$"),
                        ("seal_level", "b-t"),
                        ("sealed_at__isnull", False),
                        ("timestamped_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="document_seal_is_whole",
            ),
        ),
        migrations.AddField(
            model_name="paperjob",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="diminta oleh",
            ),
        ),
        migrations.AddField(
            model_name="paperjob",
            name="declaration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="paper_jobs",
                to="commitments.declaration",
                verbose_name="deklarasi",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperjob",
            constraint=models.UniqueConstraint(
                fields=("declaration", "kind"), name="paper_job_once_per_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperjob",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "working", "done", "stuck"])),
                name="paper_job_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "working"), _negated=True),
                    ("claimed_until__isnull", False),
                    _connector="OR",
                ),
                name="paper_job_claim_ends",
            ),
        ),
        PUT_BACK,
    ]
