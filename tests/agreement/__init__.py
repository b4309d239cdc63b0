"""Fold, scan and compiled rules say what the oracle says: about generated rules and histories.

========================= ==========================================================================
`oracle`                  what is right, in plain lines over the raw events; `verdict`, `trait_value`
`brute`                   `true_flip`: when a membership really changes next, nothing else happening
`histories`               lives as they arrive: late, twice, void, merged, tied, heavy; `replay`
`rules`                   rules on the edge of one history's figures
`worlds`                  histories x rules x instants x contexts; `worlds_from(seed, number)`
`coverage`                the names of all that must occur (`FEATURES`), and of what occurs
`compare`                 holds an evaluator against the oracle; tells the smallest difference
`mutants`                 plants mistakes in production code, so that the comparison is tested too
========================= ==========================================================================

An evaluator is a function from a `World` to answers, any of `Member`, `Figure` and `Flip`, and it
answers what it can. ``compare(worlds_from(seed, n), evaluator)`` judges them and returns a report
whose ``coverage`` counts each feature once per answer::

    def by_scan(world):                       # as of any instant; the population only
        ids = store(world.histories)
        for now in world.nows:
            for at, slug, is_member in scan(ids, world.rules, now):
                yield Member(history=at, now=now, slug=slug, value=is_member)

    def by_live_path(world):                  # after each step, from what was known then
        for at, history in enumerate(world.histories):
            for moment in replay(history):
                take(moment)                  # stored, voided, is_late say what it does
                for slug, is_member in stored_memberships(moment.step.visitor):
                    yield Member(history=at, now=moment.step.received_at, steps=moment.steps,
                                 visitor=moment.step.visitor, slug=slug, value=is_member)

    report = compare(worlds_from(1, 420), by_scan)        # 420 worlds: 10,080 rules x histories
    assert report.rare(FEATURES - {"asked in context"}, 100) == {}

An evaluator that reads other events than the history's (because ingest named them itself) hands
them over with the answer, as ``events=``. When an answer is wrong, or the evaluator fails, `compare`
takes away histories, steps, rules, conditions, tests and columns while something of the same kind
still goes wrong, and raises `Difference` with Python that makes the rest again. A mutant is caught
if ``first_difference(worlds, evaluator)`` is not None inside ``with planted(mutant):``.

`test_power` plants some seventy mistakes in a copy of the oracle and finds each with these worlds:
what they could not tell apart there, they could not tell apart in production.
"""
