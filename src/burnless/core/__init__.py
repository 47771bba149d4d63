"""Words and seams: the values everything else passes around. Standard library only, no I/O."""
