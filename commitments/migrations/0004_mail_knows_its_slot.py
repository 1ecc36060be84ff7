import django.db.models.deletion
from django.db import migrations, models

import commitments.states


class Migration(migrations.Migration):
    dependencies = [("commitments", "0003_letterheads")]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="kind",
            field=models.CharField(
                choices=commitments.states.mail_kinds, default="invited", max_length=10, verbose_name="jenis"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="signatory",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="commitments.signatory",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["invited", "reminded", "signed", "accepted", "returned", "declined"])
                ),
                name="mail_kind_known",
            ),
        ),
    ]
