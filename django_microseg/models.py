"""Door: Django finds every room's tables here. A missing line would drop a table."""

from .collect.models import (
    CurrencyRate,
    Event,
    EventKey,
    ImportMark,
    IntakeCount,
    IntakeMinute,
    QuarantinedEvent,
    WriteKey,
)
from .collect.surroundings.models import Holiday, LocalEvent, PlaceWeather
from .decide.models import Experience
from .decide.offers.models import Offer, Redemption, RedemptionKey
from .decide.questions.models import Question
from .learn.models import RfmGrid
from .measure.models import DismissedAlert, Overview
from .privacy.models import ConsentRecord
from .profile.areas.models import Area
from .profile.models import (
    Account,
    AccountTouch,
    ComparedValue,
    EventCursor,
    Fact,
    Identity,
    LoyaltyMember,
    Merge,
    PopulationFact,
    Profile,
    Tombstone,
)
from .segment.models import (
    Heartbeat,
    Membership,
    MembershipChange,
    Publication,
    RefreshRun,
    RefreshShard,
    Segment,
    SegmentSize,
    SegmentVersion,
)
from .segment.personas.models import Persona
from .segment.uploads.models import Upload

__all__ = [
    "Account",
    "AccountTouch",
    "Area",
    "ComparedValue",
    "ConsentRecord",
    "CurrencyRate",
    "DismissedAlert",
    "Event",
    "EventCursor",
    "EventKey",
    "Experience",
    "Fact",
    "Heartbeat",
    "Holiday",
    "Identity",
    "ImportMark",
    "IntakeCount",
    "IntakeMinute",
    "LocalEvent",
    "LoyaltyMember",
    "Membership",
    "MembershipChange",
    "Merge",
    "Offer",
    "Overview",
    "Persona",
    "PlaceWeather",
    "PopulationFact",
    "Profile",
    "Publication",
    "QuarantinedEvent",
    "Question",
    "Redemption",
    "RedemptionKey",
    "RefreshRun",
    "RefreshShard",
    "RfmGrid",
    "Segment",
    "SegmentSize",
    "SegmentVersion",
    "Tombstone",
    "Upload",
    "WriteKey",
]
