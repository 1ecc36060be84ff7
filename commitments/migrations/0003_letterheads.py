from django.db import migrations

# The address is Sekretariat Daerah's, from the city's public letters; everything here may be edited.
HEADS = {
    "Sekretariat Daerah": ("Sekretariat Daerah", "Jalan Jenderal Ahmad Yani Nomor 1, Kota Bekasi 17141"),
    "DPPPA": ("Dinas Pemberdayaan Perempuan dan Perlindungan Anak", ""),
}


def create(apps, schema_editor):
    letterhead = apps.get_model("commitments", "Letterhead")
    for name, (line2, address) in HEADS.items():
        letterhead.objects.get_or_create(name=name, defaults={"line2": line2, "address": address})


class Migration(migrations.Migration):
    dependencies = [("commitments", "0002_append_only")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
