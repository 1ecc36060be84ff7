from django.db import migrations, models

import commitments.models.salted
from commitments import triggers

SALT = models.CharField(default=commitments.models.salted.new_salt, editable=False, max_length=32)


class Migration(migrations.Migration):
    dependencies = [("commitments", "0005_name_fields_in_indonesian")]

    # SQLite makes such a table anew, and a table made anew has lost its triggers.
    operations = [
        migrations.RunPython(
            lambda apps, editor: triggers.remove(editor), lambda apps, editor: triggers.install(editor)
        ),
        migrations.AddField("legalbasis", "salt", SALT),
        migrations.AddField("point", "salt", SALT),
        migrations.RunPython(
            lambda apps, editor: triggers.install(editor), lambda apps, editor: triggers.remove(editor)
        ),
    ]
