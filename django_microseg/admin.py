"""Door: what the rooms show in Django's admin."""

from django.contrib import admin

from .collect.admin import CurrencyRateAdmin, QuarantinedEventAdmin
from .collect.admin_write_keys import WriteKeyAdmin
from .collect.models import CurrencyRate, IntakeCount, QuarantinedEvent, WriteKey
from .collect.surroundings.admin import HolidayAdmin, LocalEventAdmin, PlaceWeatherAdmin
from .collect.surroundings.models import Holiday, LocalEvent, PlaceWeather
from .decide.admin import ExperienceAdmin
from .decide.admin_segment import SegmentWithUsesAdmin
from .decide.models import Experience
from .decide.offers.admin import OfferAdmin, RedemptionAdmin
from .decide.offers.models import Offer, Redemption
from .decide.questions.admin import QuestionAdmin
from .decide.questions.models import Question
from .learn.admin_rfm import RfmAdmin
from .learn.models import RfmGrid
from .measure.admin_overview import OverviewAdmin
from .measure.models import Overview
from .privacy.admin_health import DataHealthAdmin
from .privacy.admin_profile import PersonAdmin
from .profile.admin_accounts import AccountAdmin
from .profile.admin_desk import LoyaltyDeskAdmin
from .profile.areas.admin import AreaAdmin
from .profile.areas.models import Area
from .profile.models import Account, LoyaltyMember, Profile
from .segment.admin_runs import RefreshRunAdmin
from .segment.models import RefreshRun, Segment
from .segment.personas.admin import PersonaAdmin
from .segment.personas.models import Persona
from .segment.uploads.admin import UploadAdmin
from .segment.uploads.models import Upload

admin.site.register(Overview, OverviewAdmin)
admin.site.register(Segment, SegmentWithUsesAdmin)
admin.site.register(Persona, PersonaAdmin)
admin.site.register(RefreshRun, RefreshRunAdmin)
admin.site.register(Experience, ExperienceAdmin)
admin.site.register(Offer, OfferAdmin)
admin.site.register(Question, QuestionAdmin)
admin.site.register(Redemption, RedemptionAdmin)
admin.site.register(Profile, PersonAdmin)
admin.site.register(Account, AccountAdmin)
admin.site.register(Area, AreaAdmin)
admin.site.register(LoyaltyMember, LoyaltyDeskAdmin)
admin.site.register(QuarantinedEvent, QuarantinedEventAdmin)
admin.site.register(IntakeCount, DataHealthAdmin)
admin.site.register(CurrencyRate, CurrencyRateAdmin)
admin.site.register(WriteKey, WriteKeyAdmin)
admin.site.register(Holiday, HolidayAdmin)
admin.site.register(LocalEvent, LocalEventAdmin)
admin.site.register(PlaceWeather, PlaceWeatherAdmin)
admin.site.register(Upload, UploadAdmin)
admin.site.register(RfmGrid, RfmAdmin)
