"""The programs that metrics answer in, one package each; none knows another."""
