from django.db import migrations

from commitments import triggers


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: triggers.install(editor),
            lambda apps, editor: triggers.remove(editor),
            elidable=False,
        )
    ]
