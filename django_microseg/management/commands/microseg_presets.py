"""Door: make the ready segments segments of this shop."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from django_microseg.management import base
from django_microseg.management.layout import table
from django_microseg.segment.errors import InvalidRule
from django_microseg.segment.install import install_presets
from django_microseg.segment.models import Segment
from django_microseg.segment.presets import ONLINE_RETAIL, PACKS, PRESETS, preset_rule, preset_text, typed_value
from django_microseg.segment.rulebook import runnable
from django_microseg.segment.sentence import describe
from django_microseg.segment.vocabulary import build_labels

_PACKS = {pack.slug: [preset.slug for preset in pack.presets] for pack in PACKS}
SETS = {"default": "", ONLINE_RETAIL: ONLINE_RETAIL}


class Command(base.Command):
    help = "Make the ready segments segments of this shop and put them in force. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--set", choices=SETS, default="default", help="which thresholds")
        parser.add_argument("--only", nargs="+", action="extend", metavar="SLUG", help="these presets alone")
        parser.add_argument("--pack", choices=_PACKS, help="those of a trade instead")
        parser.add_argument("--list", action="store_true", help="show the presets and their rules; change nothing")
        parser.add_argument(
            "--param", action="append", default=[], metavar="SLUG.NAME=VALUE", help="another value for a threshold"
        )
        parser.add_argument(
            "--replace", action="store_true", help="also where the shop has written its own rule, or paused it"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        slugs, thresholds = options["only"] or _PACKS.get(options["pack"]) or list(PRESETS), SETS[options["set"]]
        try:
            parameters = _parameters(options["param"], slugs)
            if options["list"]:
                rows = _listed(slugs, thresholds, parameters)
            else:
                installed = install_presets(
                    slugs, thresholds=thresholds, parameters=parameters, replaces=options["replace"], now=timezone.now()
                )
                rows = _found({each.slug: each.outcome for each in installed})
        except InvalidRule as error:
            raise base.not_done(error.full_message) from error
        if options["json"]:
            self.stdout.write(json.dumps(rows))
        elif options["verbosity"] > 0:
            self.stdout.write(table(list(rows[0]), [list(row.values()) for row in rows]))


def _parameters(given: Iterable[str], slugs: Iterable[str]) -> dict[str, dict[str, Any]]:
    parameters: dict[str, dict[str, Any]] = {slug: {} for slug in slugs}
    for text in given:
        place, equals, value = text.partition("=")
        slug, dot, name = place.partition(".")
        if not (slug and dot and name and equals):
            raise base.not_done(f"--param {text!r} is not of the form slug.name=value.")
        if slug not in parameters:
            raise base.not_done(f"--param names {slug!r}, which is none of the presets chosen.")
        parameters[slug][name] = typed_value(value)
    return parameters


def _listed(slugs: Iterable[str], thresholds: str, parameters: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    labels, rows = build_labels(), []
    for slug in slugs:
        values = parameters.get(slug, {})
        rows.append(
            {
                "slug": slug,
                "rule": preset_text(slug, thresholds, **values),
                "sentence": describe(preset_rule(slug, thresholds, **values), labels),
            }
        )
    return rows


def _found(outcomes: dict[str, str]) -> list[dict[str, Any]]:
    """What is in force now, which for a rule that was kept is the shop's own."""
    segments = {
        segment.slug: segment for segment in Segment.objects.filter(slug__in=outcomes).select_related("live_version")
    }
    labels, rows = build_labels(), []
    for slug, outcome in outcomes.items():
        version = segments[slug].live_version
        sentence = describe(runnable(version.rule), labels) if version else "not in force"
        rows.append({"slug": slug, "outcome": outcome, "size": segments[slug].size, "sentence": sentence})
    return rows
