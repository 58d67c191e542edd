"""Music under the voice: which track, looped how, how loud, and who is to be credited."""
