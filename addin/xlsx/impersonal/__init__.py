"""A copy without personal data, put together anew from what is known to name nobody."""
