"""A million bad days: the shipping control and guard on a simulated table, with everything broken that can break."""
