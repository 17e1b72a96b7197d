/// Structure factors of azimuthal sectors, and their parts S_0 and S_2 about a loading axis.
///
///     S(Q, phi) = S_0(Q) + S_2(Q) sqrt5 P2(cos psi),   cos psi = cos(theta_B) cos(phi - axis)
///
/// by least squares at each Q over the sectors (Y_0 = 1, Y_2 = sqrt5 P2). phi is the azimuth on the detector, psi the angle between Q and the
/// axis, theta_B the Bragg angle (0 when the energy is not given). Two curves without an azimuth are the cuts parallel and
/// perpendicular to the axis: S_0 = (S_par + 2 S_perp) / 3, S_2 = 2 (S_par - S_perp) / (3 sqrt5).
/// Intensities: each sector is normalised by itself, with one background scale for all; what the correction at small r does to the mean of
/// the sectors is done to each. Sectors that hold another part of the sphere than the plane of the axis, or texture beyond l = 2, do not fit.
/// Reference: Suzuki, Haimovich, Egami, Phys. Rev. B 35, 2162 (1987), doi:10.1103/PhysRevB.35.2162.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "probes/scattering/reduction.hpp"

namespace heteroglass::probes {

struct Sector {
  double azimuth = 0;  ///< [deg]
  std::string label;
  std::vector<double> s, s_error;
};

struct Sectors {
  std::vector<double> q;     ///< common to all, with the points below the first measured one
  std::size_t measured = 0;  ///< first measured point
  std::vector<Sector> sector;
  std::optional<double> density;  ///< [1/angstrom^3]
  std::string error_note;
};

/// @param curves the sectors, without background @param axis [deg] of the loading, what two bare cuts are measured against
/// @throws InputError unless each has an azimuth, or there are two
Sectors sectors(const std::vector<Curve>& curves, const Curve* background, const ReductionOptions& options, double axis, Context& context);

struct Harmonics {
  std::vector<double> q, s_0, s_0_error, s_2, s_2_error;
  std::size_t measured = 0;
  std::optional<double> density;
  std::string error_note;
};
/// @throws InputError when the azimuths cannot tell S_0 from S_2
Harmonics harmonics(const Sectors& sectors, double axis, std::optional<double> energy);

}  // namespace heteroglass::probes
