import time, uuid, statistics
import pytest
from contextlib import nullcontext
from django.db import transaction
from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.models import Event
from django_microseg.privacy.erase import erase_customer
from django_microseg.privacy.export import export_customer
from django_microseg.profile import lock
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.resolve import resolve
from tests.profile.people import NOW, person
from tests.privacy.lives import quarantined
pytestmark=pytest.mark.django_db(transaction=True)
def test_cost():
    key=PersonKey("v1","c1"); person("v1","c1")
    def once():
        with transaction.atomic(): resolve([key],now=NOW)
    def run():
        t=time.perf_counter()
        for _ in range(300): once()
        return (time.perf_counter()-t)/300*1e3
    original=lock._savepoint
    a=[];b=[]
    for _ in range(7):
        lock._savepoint=original; a.append(run())
        lock._savepoint=nullcontext; b.append(run())
    lock._savepoint=original
    print("resolve ms with savepoint",statistics.median(a),"without",statistics.median(b))
def test_erase_10k():
    p=person("v1"); n=person("v2","c2")
    for who,k in ((p,"v1"),(n,"v2")):
        Event.objects.bulk_create([Event(profile=who,visitor_key=k,name="product_viewed",source="b",message_hash=uuid.uuid4(),occurred_at=NOW,received_at=NOW,properties={"a":1}) for _ in range(10000)],batch_size=1000)
    for i in range(2000): quarantined('{"user_id": %d, "x": "%s"}'%(i,"y"*500))
    t=time.perf_counter(); merge_at_login("v1","c1",now=NOW); print("merge (promotion)",time.perf_counter()-t)
    person("v3"); Event.objects.bulk_create([Event(profile=person("v3"),visitor_key="v3",name="product_viewed",source="b",message_hash=uuid.uuid4(),occurred_at=NOW,received_at=NOW) for _ in range(10000)],batch_size=1000)
    t=time.perf_counter(); merge_at_login("v3","c1",now=NOW); print("merge of 10k events into 10k",time.perf_counter()-t)
    t=time.perf_counter(); export_customer("c1"); print("export 20k",time.perf_counter()-t)
    t=time.perf_counter(); c=erase_customer("c1",now=NOW); print("erase 20k",time.perf_counter()-t, {k:v for k,v in c.items() if v})
    assert Event.objects.count()==10000
