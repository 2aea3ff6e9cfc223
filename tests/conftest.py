"""Profiles of the property tests."""

import signal

from hypothesis import HealthCheck, settings

# Who starts the tests in the background may have them ignore Ctrl-C, which many of them are about.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is slow now and then: that is no finding.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", parent=settings.get_profile("default"), max_examples=10_000)
settings.register_profile("fuzz", parent=settings.get_profile("default"), max_examples=2_000)
settings.load_profile("default")
