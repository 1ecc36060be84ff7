from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agencies.models import User


class Command(BaseCommand):
    help = (
        "Hapus langkah kedua satu akun, misalnya setelah ponselnya hilang. Pastikan dulu siapa yang meminta. "
        "Semua sesinya berakhir; kata sandinya tetap."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")

    @transaction.atomic
    def handle(self, *, username, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Tidak ada akun {username}.")
        Authenticator.objects.filter(user=user).delete()
        user.end_sessions()
        self.stdout.write("Langkah kedua dihapus. Ia memasang yang baru saat masuk berikutnya.")
