"""Which addresses may be asked."""

from ipaddress import IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.fetch.address_policy import Networks, is_oddly_spelled

REFUSED = [
    ("0.0.0.0", "this machine"),
    ("127.0.0.1", "this machine"),
    ("::1", "this machine"),
    ("::", "this machine"),
    ("10.9.8.7", "private"),
    ("172.31.255.255", "private"),
    ("192.168.1.1", "private"),
    ("fd00::1", "private"),
    ("fec0::1", "private"),
    ("169.254.169.254", "link-local"),
    ("fe80::1%eth0", "link-local"),
    ("fd00:ec2::254", "private"),
    ("100.64.0.1", "carrier"),
    ("224.0.0.1", "multicast"),
    ("ff02::1", "multicast"),
    ("255.255.255.255", "special"),
    ("198.18.0.1", "special"),
    ("203.0.113.5", "documentation"),
    ("2001:db8::1", "documentation"),
    ("::ffff:127.0.0.1", "127.0.0.1: this machine"),
    ("::ffff:a9fe:a9fe", "169.254.169.254: link-local"),
    ("::127.0.0.1", "127.0.0.1"),
    ("2002:7f00:1::", "127.0.0.1"),
    ("64:ff9b::10.0.0.1", "10.0.0.1"),
    ("64:ff9b:1::10.0.0.1", "special"),
    ("2001:0:7f00:1::", "special"),
    ("2001:3::", "special"),
    ("2607:f8b0::5efe:10.0.0.1", "10.0.0.1"),
    ("4000::1", "not public"),
    ("168.63.129.16", "service of the cloud"),
    ("::ffff:168.63.129.16", "168.63.129.16: a service of the cloud"),
    ("::168.63.129.16", "168.63.129.16: a service of the cloud"),
    ("64:ff9b::168.63.129.16", "168.63.129.16: a service of the cloud"),
    ("2002:a83f:8110::1", "168.63.129.16: a service of the cloud"),
    ("2607:f8b0::200:5efe:168.63.129.16", "168.63.129.16: a service of the cloud"),
    ("161.26.0.10", "service of the cloud"),
    ("166.8.0.1", "service of the cloud"),
    ("166.11.255.255", "service of the cloud"),
]
PUBLIC = [
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.0.1",
    "172.32.0.1",
    "2607:f8b0::1",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
    "168.63.129.15",
    "168.63.129.17",
    "161.25.255.255",
    "161.27.0.0",
    "166.7.255.255",
    "166.12.0.0",
]

# The services of clouds that give a machine its keys and settings, by the clouds' own documentation.
CLOUD_SERVICES = {
    "AWS": ("169.254.169.254", "169.254.169.253", "169.254.169.123", "169.254.170.2", "169.254.170.23"),
    "AWS over IPv6": ("fd00:ec2::254", "fd00:ec2::253", "fd00:ec2::123", "fd00:ec2::23"),
    "Azure": ("169.254.169.254", "168.63.129.16"),
    "Google": ("169.254.169.254", "fd20:ce::254"),
    "Alibaba": ("100.100.100.200", "100.100.2.136", "100.100.2.138"),
    "Oracle": ("169.254.169.254", "192.0.0.192", "fd00:c1::a9fe:a9fe"),
    "IBM": ("169.254.169.254", "161.26.0.10", "166.9.0.1"),
    "Tencent": ("169.254.0.23", "169.254.10.10"),
    "OpenStack": ("169.254.169.254", "fe80::a9fe:a9fe"),
    "Scaleway": ("169.254.42.42", "fd00:42::42"),
}


@pytest.mark.parametrize(("address", "reason"), REFUSED)
def test_what_is_not_public_is_refused_with_the_reason(address, reason):
    refusal = Networks().find_refusal(address)
    assert reason in refusal
    assert "\n" not in refusal


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address):
    assert Networks().find_refusal(address) == ""


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_whatever_python_knows_not_to_be_global_is_refused(address):
    translated = address in ip_network("64:ff9b::/96") if address.version == 6 else False
    mapped = address.version == 6 and address.ipv4_mapped
    if not address.is_global and not translated and not mapped:
        assert Networks().find_refusal(str(address))


@given(st.ip_addresses(v=4))
def test_an_address_carried_in_another_is_judged_by_itself(inner):
    for outer in (int(IPv6Address("::ffff:0:0")), int(IPv6Address("64:ff9b::"))):
        assert bool(Networks().find_refusal(str(IPv6Address(outer + int(inner))))) == bool(
            Networks().find_refusal(str(inner))
        )


def test_the_owner_may_name_networks():
    own = Networks((ip_network("10.1.0.0/16"),))
    assert own.find_refusal("10.1.2.3") == ""
    assert own.find_refusal("10.2.0.1")
    assert own.find_refusal("127.0.0.1")
    assert "10.0.0.1" in Networks((ip_network("2001::/23"),)).find_refusal("2001:0:808:808::f5ff:fffe")


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.1", "0x7f.1", "1.2.3.4.5", "127.0.0.01", "a.1"]
)
def test_odd_spellings_are_told(host):
    assert is_oddly_spelled(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "a.example", "1a.example", "a.b1", "7news.example", "", "x.0xyz"])
def test_usual_spellings_pass(host):
    assert not is_oddly_spelled(host)


def test_what_is_no_address_is_an_error():
    with pytest.raises(ValueError, match="nowhere"):
        Networks().find_refusal("nowhere")


@pytest.mark.parametrize("address", sorted({address for group in CLOUD_SERVICES.values() for address in group}))
def test_no_service_of_a_cloud_is_connected_to_however_it_is_written(address):
    assert Networks().find_refusal(address)
    if ":" not in address:
        for carrier in (f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}", f"2607:f8b0::5efe:{address}"):
            assert Networks().find_refusal(carrier), carrier
        assert Networks((ip_network(address),)).find_refusal(address) == ""  # an owner may name it
