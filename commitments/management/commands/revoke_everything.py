from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from commitments import one_time


class Command(BaseCommand):
    help = (
        "Akhiri semua sesi dan matikan semua tautan kata sandi dan kode yang sudah dikirim, misalnya setelah "
        "kebocoran. "
        "Tidak ada tanda tangan, naskah, atau kata sandi yang berubah."
    )

    @transaction.atomic
    def handle(self, **options):
        sessions = Session.objects.count()
        Session.objects.all().delete()
        UserSession.objects.all().delete()
        one_time.end_all()
        # A link for a new password is signed over the time of the last login: with a new time no link of before opens.
        User.objects.update(last_login=timezone.now())
        cache.clear()
        self.stdout.write(
            f"{sessions} sesi diakhiri. Semua orang perlu masuk lagi; tautan dan kode lama tidak berlaku."
        )
