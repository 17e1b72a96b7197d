/// Lennard-Jones mixtures and inverse-power spheres, smooth to the second derivative at the cut-off.
///
///     phi(r) = epsilon [ A x^-12 - B x^-6 + c0 + c2 x^2 + c4 x^4 ],   x = r/sigma_ab < x_cut
///
/// A = B = 4 for Lennard-Jones, A = 1, B = 0 for soft spheres. c0, c2 and c4 make phi, phi' and phi'' vanish at the cut-off, so that
/// the Hessian is continuous when pairs come and go: an athermal path has no artificial kinks. (Energies therefore differ from those of
/// a truncated or shifted Lennard-Jones potential: with x_cut = 2.5 the well is 3.4 % shallower.) The even polynomial is that of
/// Karmakar, Lerner, Procaccia, Phys. Rev. E 82, 055103 (2010), doi:10.1103/PhysRevE.82.055103.
///
/// | name | sigma AA, AB, BB | epsilon AA, AB, BB | x_cut | reference |
/// | lj:kob-andersen, -2d | 1, 0.8, 0.88 | 1, 1.5, 0.5 | 2.5 | Kob, Andersen, PRE 51, 4626 (1995), doi:10.1103/PhysRevE.51.4626 |
/// | lj:wahnstrom, -2d | 1, 11/12, 5/6 | 1, 1, 1 | 2.5 | Wahnstrom, PRA 44, 3752 (1991), doi:10.1103/PhysRevA.44.3752 |
/// | lj:lancon-2d | 2 sin 36, 1, 2 sin 18 degrees | 0.5, 1, 0.5 | 2.5 | Lancon, Billard, Chaudhari, EPL 2, 625 (1986); Falk, Langer, PRE 57, 7192 (1998) |
/// | lj:one-component, -2d | 1 | 1 | 2.5 | |
/// | lj:polydisperse, -2d | (sigma_i + sigma_j)/2 | 1 | 2.5 | |
/// | soft-sphere:polydisperse, -2d | (sigma_i + sigma_j)/2 (1 - 0.2 |sigma_i - sigma_j|) | 1 | 1.25 | Ninarello, Berthier, Coslovich, PRX 7, 021039 (2017), doi:10.1103/PhysRevX.7.021039 |
///
/// The composition is that of the frame (Kob-Andersen: 80:20, in two dimensions 65:35 so that it does not crystallise).
/// `,cutoff=6` after a name sets x_cut. Diameters of polydisperse frames are their per-atom property `diameter` (or twice `radius`).
/// A frame must be in Lennard-Jones units; species are A, B by name, or types 1, 2. In two dimensions z does not count, and energy per
/// volume is per area when the cell is 1 thick.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "potential/functional.hpp"
#include "potential/potential.hpp"

namespace heteroglass::potential {

/// Whether the name is of this family ("lj:..." or "soft-sphere:...").
bool is_lennard_jones(const std::string& name);
/// @throws InputError naming the models there are.
std::shared_ptr<const Potential> lennard_jones(const std::string& name, Kernel kernel = Kernel::best);
/// Names and one line on each.
std::vector<std::pair<std::string, std::string>> lennard_jones_models();

}  // namespace heteroglass::potential
