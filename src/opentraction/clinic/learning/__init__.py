"""The wing of learning: public pages of evidence, questions, articles and roads. No sign-in, nothing of any patient."""
