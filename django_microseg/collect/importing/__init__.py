"""Files of orders and customers, brought in through the same gate as everything else."""
