from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pug_bekasi.identity import keys

SECRETS = ("secret", "seed")


class Command(BaseCommand):
    help = "Setelah SECRET_KEY diganti: tulis ulang rahasia langkah kedua dengan kunci yang sekarang."

    @transaction.atomic
    def handle(self, **options):
        factors = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
        for factor in factors.select_for_update():
            kept = {name: factor.data[name] for name in SECRETS if name in factor.data}
            try:
                factor.data |= {name: keys.renew(token) for name, token in kept.items()}
            except keys.Unreadable:
                raise CommandError(
                    "Ada rahasia yang tidak terbaca. Isi SECRET_KEY_FALLBACKS dengan SECRET_KEY yang lama; "
                    "bila hilang, jalankan forget_second_factor untuk tiap orang."
                ) from None
            factor.save(update_fields=["data"])
        self.stdout.write("Selesai. SECRET_KEY yang lama boleh dibuang dari SECRET_KEY_FALLBACKS.")
