from django.core.management.base import BaseCommand
from django.db import transaction

from agencies import reference
from commitments import frameworks


class Command(BaseCommand):
    help = (
        "Muat daftar acuan dari data/: kecamatan, kelurahan, perangkat daerah, jabatan, kerangka penilaian, dan "
        "kriteria. Aman diulang."
    )

    @transaction.atomic
    def handle(self, **options):
        for table, counts in (reference.load() | frameworks.load()).items():
            added, changed, same = counts["added"], counts["changed"], counts["unchanged"]
            self.stdout.write(f"{table}: {added} ditambah, {changed} diubah, {same} tetap")
