from django.core.management.base import BaseCommand

from agencies import reference


class Command(BaseCommand):
    help = "Muat daftar acuan dari data/: kecamatan, kelurahan, perangkat daerah, dan jabatan. Aman diulang."

    def handle(self, **options):
        for table, counts in reference.load().items():
            added, changed, same = counts["added"], counts["changed"], counts["unchanged"]
            self.stdout.write(f"{table}: {added} ditambah, {changed} diubah, {same} tetap")
