"""Every message that our checks may give, in one table: id, level, what is wrong, what to do.

``docs/checks.md`` is made from it. Ids are never reused.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import checks

__all__ = ["FINDINGS", "Finding", "finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A kind of message. ``text`` and ``hint`` may hold ``{names}`` that the check fills in."""

    id: str
    level: int
    text: str
    hint: str

    @property
    def full_id(self) -> str:
        return f"django_microseg.{self.id}"

    def message(self, obj: object = None, **words: object) -> checks.CheckMessage:
        """The message for one case."""
        return checks.CheckMessage(
            self.level, self.text.format(**words), hint=self.hint.format(**words), obj=obj, id=self.full_id
        )


_ERROR, _WARNING, _INFO = checks.ERROR, checks.WARNING, checks.INFO
_MIDDLEWARE = "'django_microseg.middleware.MicrosegMiddleware'"

FINDINGS: tuple[Finding, ...] = (
    # -- installation
    Finding(
        "E001",
        _ERROR,
        "MicrosegMiddleware is not in MIDDLEWARE, so no visitor is known and every slot shows its default.",
        f"Put {_MIDDLEWARE} first in MIDDLEWARE.",
    ),
    Finding(
        "E002",
        _ERROR,
        "{other} stands before MicrosegMiddleware, so it hands pages with one visitor's cookie to others.",
        f"Move {_MIDDLEWARE} to the first place of MIDDLEWARE.",
    ),
    Finding(
        "W003",
        _WARNING,
        "{other} stands before MicrosegMiddleware and may answer a request that is then never seen: "
        "a first page that is redirected loses its campaign.",
        f"Move {_MIDDLEWARE} to the first place of MIDDLEWARE.",
    ),
    Finding(
        "E004",
        _ERROR,
        "MicrosegMiddleware stands in MIDDLEWARE {count} times, so everything is recorded as often.",
        "Leave only the first one.",
    ),
    Finding(
        "W005",
        _WARNING,
        "A template engine has no request context processor, so slots and segment tags cannot know who looks.",
        "Add 'django.template.context_processors.request' to the context_processors of TEMPLATES.",
    ),
    Finding(
        "I006",
        _INFO,
        "The variable `segments` is in no template, because its context processor is not installed.",
        "Add 'django_microseg.context_processors.segments' to the context_processors of TEMPLATES, "
        "or leave it out if you use tags alone.",
    ),
    Finding(
        "E007",
        _ERROR,
        "The addresses of django_microseg are not in the URL configuration, so nobody can answer the consent question.",
        'Add path("microseg/", include("django_microseg.urls")) to the urlpatterns of {urlconf}.',
    ),
    Finding(
        "W008",
        _WARNING,
        "The addresses of django_microseg stand inside i18n_patterns and change with the language.",
        "Include django_microseg.urls outside i18n_patterns: scripts and other servers need one address.",
    ),
    Finding(
        "E009",
        _ERROR,
        "{app} is not in INSTALLED_APPS, and django_microseg needs it.",
        "Add '{app}' to INSTALLED_APPS and migrate.",
    ),
    Finding(
        "E010",
        _ERROR,
        "USE_TZ is off, so times of events are ambiguous twice a year and compare wrongly.",
        "Set USE_TZ = True. Django keeps your local times as they are shown.",
    ),
    Finding(
        "W011",
        _WARNING,
        "{what} is set up but its package {package} is not installed.",
        'Install it: pip install "django-microseg[{extra}]".',
    ),
    Finding(
        "E012",
        _ERROR,
        "django_microseg.rest.urls is included by itself, outside of django_microseg's own addresses.",
        "Include django_microseg.urls instead: it has the HTTP API below api/v1/ when its packages are installed.",
    ),
    # -- settings
    Finding(
        "E020",
        _ERROR,
        "MICROSEG has the unknown key {key!r}, so no setting of it can be read.",
        "{advice} Known keys are listed in docs/settings.md.",
    ),
    Finding("E021", _ERROR, "MICROSEG[{key!r}]: {problem}.", "It takes: {takes}. See docs/settings.md."),
    Finding("E022", _ERROR, "MICROSEG is no dict, so no setting of it can be read.", "Write MICROSEG = {{...}}."),
    Finding(
        "E023",
        _ERROR,
        "The shop's own events cannot be used. {problem}",
        'Mend MICROSEG["EVENTS"]; docs/events.md has examples.',
    ),
    Finding(
        "E024",
        _ERROR,
        "The shop's own facts cannot be used. {problem}",
        'Mend MICROSEG["FACTS"]; docs/conditions.md has examples.',
    ),
    Finding(
        "E025",
        _ERROR,
        "MICROSEG[{key!r}] names {path!r}, which cannot be imported: {problem}",
        "Give the dotted path of a function. What it takes and gives stands in docs/settings.md.",
    ),
    Finding(
        "W026",
        _WARNING,
        'MICROSEG["CACHE"] is {alias!r}, which every process has for itself, so a click on one does not '
        "reach the others in time.",
        "Name a cache that all web processes share (Redis, Memcached, a database cache), or None.",
    ),
    Finding(
        "W027",
        _WARNING,
        "CONSENT_COOKIE_NAME is {name!r}, and so is a cookie that is named after COOKIE_NAME: each overwrites the "
        "other.",
        "Give it another name. The visitor's cookie is named COOKIE_NAME; those of staff have _preview and _staff "
        "behind it.",
    ),
    Finding(
        "W028",
        _WARNING,
        "The GeoIP database {path} cannot be read: {problem}",
        "Put a .mmdb file there that the server may read, or take GEOIP_DATABASE out. Until then the places of "
        "visitors are known from PLACE_HEADERS alone.",
    ),
    # -- database
    Finding(
        "W040",
        _WARNING,
        "The SQLite database {alias!r} does not use transaction_mode IMMEDIATE: writes fail with “database is "
        "locked” under little load, whatever the timeout.",
        'Set OPTIONS = {{"transaction_mode": "IMMEDIATE", ...}} in DATABASES.',
    ),
    Finding(
        "W041",
        _WARNING,
        "The SQLite database {alias!r} is not put into WAL mode: whoever reads waits for whoever writes.",
        'Set OPTIONS = {{"init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;", ...}}.',
    ),
    Finding(
        "W042",
        _WARNING,
        "ATOMIC_REQUESTS is on for the SQLite database {alias!r}: every page view takes the one write lock.",
        "Set ATOMIC_REQUESTS to False and wrap what must be atomic in transaction.atomic().",
    ),
    Finding(
        "W043",
        _WARNING,
        "The SQLite database {alias!r} waits {seconds} s for a lock; at busy times writes would be lost.",
        'Set OPTIONS = {{"timeout": 20, ...}} in DATABASES.',
    ),
    Finding(
        "E044",
        _ERROR,
        "The database {alias!r} is {vendor}, on which segments would be worked out differently.",
        "Use PostgreSQL 14 or newer, or SQLite 3.38 or newer, for django_microseg's tables.",
    ),
    # -- personal data
    Finding(
        "E060",
        _ERROR,
        "{model} can hold a person's data, and nothing says how to hand it out or remove it.",
        "Call django_microseg.privacy.registry.register({model}, export=..., erase=...) in an AppConfig.ready().",
    ),
    # -- the seam to the shop
    Finding(
        "E100",
        _ERROR,
        'MICROSEG["SHOP"] cannot be used: {problem}',
        "Give the dotted path of a class derived from django_microseg.shop.adapter.ShopAdapter, or a dict of paths "
        "(docs/shop.md).",
    ),
    Finding(
        "E101",
        _ERROR,
        'MICROSEG["SHOP"] names {path!r}, which lacks the required {methods}.',
        "Write what is missing; docs/shop.md says what each must do.",
    ),
    Finding(
        "E102",
        _ERROR,
        "The mapping of the shop: {where} {problem}.",
        "{advice} All sections and keys are listed in docs/shop.md.",
    ),
    Finding(
        "E103",
        _ERROR,
        "The mapping of the shop: {where} {problem}.",
        "{advice} Write the model as app_label.Model.",
    ),
    Finding(
        "E104",
        _ERROR,
        "The mapping of the shop: {where} {problem}.",
        "{advice} A path is made of fields, relations, properties and methods without arguments, joined by dots.",
    ),
    Finding("E105", _ERROR, "The mapping of the shop: {where} {problem}.", "{advice} See docs/shop.md."),
    Finding("E106", _ERROR, "The mapping of the shop: {where} {problem}.", "{advice} See docs/shop.md."),
    Finding(
        "W107",
        _WARNING,
        "The mapping of the shop: {where} {problem}, so one row hides the others.",
        "{advice}",
    ),
    Finding(
        "W108",
        _WARNING,
        "The mapping of the shop: {where} {problem}, so links to it are left out.",
        "{advice}",
    ),
    # -- Celery
    Finding(
        "W120",
        _WARNING,
        "Celery's broker hands out a task again after {seconds} s, but tasks may run for {limit} s, so long ones run "
        "twice at once.",
        'Set CELERY_BROKER_TRANSPORT_OPTIONS = {{"visibility_timeout": 600, ...}}, above every time limit.',
    ),
    Finding(
        "W121",
        _WARNING,
        "CELERY_BROKER_TRANSPORT_OPTIONS has no {missing}: a Redis that hangs holds up every page that sends a task, "
        "for ever.",
        'Set "socket_timeout" and "socket_connect_timeout" to a second or less (docs/celery.md).',
    ),
    Finding(
        "I122",
        _INFO,
        "CELERY_TASK_PUBLISH_RETRY is not off: while the broker is down, every page that sends a task waits for "
        "further attempts.",
        "Set CELERY_TASK_PUBLISH_RETRY = False. Tasks of django_microseg need none: a sweep finds what was lost.",
    ),
    Finding(
        "W123",
        _WARNING,
        "CELERY_RESULT_BACKEND is a Redis that is waited for {seconds} s when it hangs, also by pages that send tasks.",
        "Set CELERY_REDIS_SOCKET_TIMEOUT and CELERY_REDIS_SOCKET_CONNECT_TIMEOUT to a second or less, or "
        "CELERY_RESULT_BACKEND = None if nobody reads results. Tasks of django_microseg have none.",
    ),
    Finding(
        "W124",
        _WARNING,
        "CELERY_TASK_ALWAYS_EAGER is on, so tasks run within the page that sends them.",
        "Set it in tests only.",
    ),
    Finding(
        "I125",
        _INFO,
        "Celery is set up, but nothing in these settings sends {task} each minute.",
        "Use django-celery-beat and manage.py microseg_schedule, or CELERY_BEAT_SCHEDULE (docs/celery.md); or sweep "
        "without Celery by manage.py microseg_sweep.",
    ),
    # -- the sink
    Finding(
        "E130",
        _ERROR,
        'MICROSEG["SINK"] is "redis", but nobody says where the stream is, so events are stored at once.',
        'Set MICROSEG["SINK_URL"] to the address of a Redis-compatible server, or SINK to "direct" (docs/sinks.md).',
    ),
    Finding(
        "W131",
        _WARNING,
        'The stream of MICROSEG["SINK_URL"] does not answer ({problem}), so events are stored at once and none that '
        "waits is consumed.",
        "Start the server, or correct the address.",
    ),
    Finding(
        "W132",
        _WARNING,
        "{count} events wait in the stream, the first since {when}: nobody stores them.",
        "Start a consumer: manage.py microseg_consume --loop, or Celery's beat and a worker. If one runs, its log "
        "says why.",
    ),
    Finding(
        "W133",
        _WARNING,
        "The server of the stream throws keys away when its memory is full (maxmemory-policy {policy}), waiting "
        "events among them.",
        "Set its maxmemory-policy to noeviction, or to a volatile- one; or give the stream a server of its own.",
    ),
    Finding(
        "I134",
        _INFO,
        "The server of the stream writes no log to disk, so events that wait are lost when it ends.",
        "Set appendonly yes, with appendfsync everysec; or live with the loss of some page views.",
    ),
    # -- what is stored (with --database)
    Finding(
        "E080",
        _ERROR,
        "The segment {slug!r} uses the condition {kind!r}, which this process does not know, so it has no members.",
        "Register the condition again, or change the rule in the admin.",
    ),
    Finding(
        "E081",
        _ERROR,
        "The rule of the segment {slug!r} can no longer be used: {problem}",
        "Change the rule in the admin.",
    ),
    Finding(
        "W082",
        _WARNING,
        "The live experience {slug!r} is for the segment {segment!r}, which is not in force, so fewer people see it.",
        "Activate the segment, or take it out of the experience.",
    ),
    Finding(
        "W083",
        _WARNING,
        "The live experience {slug!r} shows the template {template!r}, which does not exist, so nobody sees it.",
        "Create the template, or change the experience in the admin.",
    ),
    Finding(
        "W084",
        _WARNING,
        "No worker of Celery has left a sign of life {when}, so nobody's segments change by the passing of time.",
        "Start one: celery -A yourproject worker. Or sweep without Celery: manage.py microseg_sweep --loop.",
    ),
    Finding(
        "W085",
        _WARNING,
        "Celery's beat has been silent {when}, so nobody's segments change by the passing of time.",
        "Start it: celery -A yourproject beat, with a schedule (manage.py microseg_schedule). Or sweep without Celery: "
        "manage.py microseg_sweep --loop.",
    ),
    Finding(
        "W086",
        _WARNING,
        "The live experience {slug!r} promotes products whose stock nobody can say, so nobody sees it.",
        'Describe the shop in MICROSEG["SHOP"] (docs/shop.md), or take the products out of the experience.',
    ),
    Finding(
        "W087",
        _WARNING,
        "The live experience {slug!r} names the {kind} {key!r}, which the shop does not have.",
        "Take it out of the experience in the admin, or name another.",
    ),
    Finding(
        "W088",
        _WARNING,
        "The live experience {slug!r} speaks of the offer {offer!r}, which is not live, so nobody sees it.",
        "Give the offer in the admin, or take it out of the experience.",
    ),
    Finding(
        "W089",
        _WARNING,
        "The live offer {slug!r} is for the segment {segment!r}, which is not in force, so fewer people get it.",
        "Activate the segment, or take it out of the offer.",
    ),
)

_BY_ID = {each.id: each for each in FINDINGS}


def finding(short_id: str) -> Finding:
    """The kind of message of an id, such as ``E001``."""
    return _BY_ID[short_id]
