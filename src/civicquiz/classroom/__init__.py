"""From what a class handed in to its gradebook, feedback and item analysis."""
