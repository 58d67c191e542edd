"""Stock pictures and clips: found by words, downloaded, checked, and credited to their authors."""
