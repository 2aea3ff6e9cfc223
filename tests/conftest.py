"""Profiles of the property tests."""

from hypothesis import HealthCheck, settings

# A busy machine is slow now and then: that is no finding.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", parent=settings.get_profile("default"), max_examples=10_000)
settings.load_profile("default")
