/// Embedded atoms: eam/alloy and eam/fs (Finnis-Sinclair) tables, interpolated as LAMMPS does.
///
///     E = 1/2 sum phi_ab(r) + sum_i F_a(rho_i),   rho_i = sum_j f_{b->a}(r_ij)
///
/// Tables of F, f and r phi are cubic Hermite splines on the file's own grids; the slope at a knot is the five-point difference
/// (f[m-2] - f[m+2] + 8 (f[m+1] - f[m-1]))/12 (shorter at the ends). Beyond the last rho, F goes on along its tangent.
/// Energies and forces agree with LAMMPS to rounding. First derivatives are continuous; second derivatives jump at knots by what the
/// slopes' differences miss, of order dr^2 f'''', plus the rounding of the file's digits over dr^2.
/// References: Daw, Baskes, Phys. Rev. B 29, 6443 (1984), doi:10.1103/PhysRevB.29.6443; Finnis, Sinclair, Phil. Mag. A 50, 45 (1984),
/// doi:10.1080/01418618408244210.
#pragma once

#include <string>

#include "potential/eam_kernel.hpp"
#include "potential/potential.hpp"
#include "potential/setfl.hpp"

namespace heteroglass::potential {

/// From tables as read_setfl gives them.
std::shared_ptr<const Potential> eam(Setfl tables, std::string name, std::string reference, Kernel kernel = Kernel::best);

}  // namespace heteroglass::potential
