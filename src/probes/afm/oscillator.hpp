/// The tip of a tapping cantilever as a driven point mass over a surface, and its steady states.
///
///     m z'' = -k z - (m w0/Q) z' + F0 cos(w t) + F_ts(d, d'),   d = z_c + z,   F0 = k A0/Q,   m = k/w0^2
///     d > a0:   F_ts = -H R/(6 d^2)                                                            (van der Waals)
///     d <= a0:  F_ts = (4/3) E* sqrt(R) delta^(3/2) - H R/(6 a0^2) - eta sqrt(R delta) d',  delta = a0 - d     (DMT, viscous)
///
/// H is larger by `long_range` (d > a0) or `adhesion` (d <= a0) while the tip goes away: hysteresis, the two losses beside viscosity.
/// A0 is the free amplitude at resonance, Q F0/k. z_c: rest position of the tip above the surface. Inside, lengths are in nm, forces in
/// nN and time in 1/w0.
///
/// Integration: Dormand-Prince 5(4) with steps by its error; every change of regime (contact, direction) is located and stepped on,
/// so that the order holds and an undamped tip keeps its energy. A steady state is a fixed point of the map of one period, found by Newton's
/// method from the neighbouring state, which costs some ten periods where waiting for the transients costs several Q; where it fails, or
/// the state is unstable or leaps, the motion is followed until it is steady, as an experiment does. States without such a period (chaos,
/// subharmonics) are marked. First mode only: wrong for soft cantilevers in liquids (Q of a few).
/// Source: Garcia, Perez, Surf. Sci. Rep. 47, 197 (2002), doi:10.1016/S0167-5729(02)00077-8; losses: Garcia et al., Phys. Rev. Lett. 97,
/// 016103 (2006), doi:10.1103/PhysRevLett.97.016103; method: Dormand, Prince, J. Comput. Appl. Math. 6, 19 (1980),
/// doi:10.1016/0771-050X(80)90013-3.
#pragma once

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "core/field.hpp"

namespace heteroglass::probes {

struct Cantilever {
  double spring_constant = 42;  ///< [N/m]
  double quality = 500;         ///< [1]; infinite: no damping
  double frequency = 300;       ///< [kHz] resonance w0/(2 pi)
  double free_amplitude = 30;   ///< [nm] A0 = Q F0/k
  double frequency_ratio = 1;   ///< [1] drive over resonance
  double tolerance = 1e-11;     ///< [1] error of a step of the integration over the free amplitude; no option
  static const Fields& fields();
};

struct TipSurface {
  double radius = 10;      ///< [nm] of the tip
  double modulus = 60;     ///< [GPa] E* of the contact
  double hamaker = 1;      ///< [eV] while the tip comes
  double contact = 0.165;  ///< [nm] a0
  double long_range = 0;   ///< [eV] more while it goes, out of contact
  double adhesion = 0;     ///< [eV] more while it goes, in contact
  double viscosity = 0;    ///< [Pa s]
  static const Fields& fields();
};

/// Force on the tip [nN] at distance d [nm] and velocity [m/s].
double tip_force(const TipSurface& surface, double distance, double velocity);
/// Potential [nN nm] of the conservative part, zero far away.
double tip_potential(const TipSurface& surface, double distance);

/// A periodic motion. Lengths in nm, forces in nN, energies in eV.
struct Orbit {
  double distance = NAN;          ///< z_c
  double amplitude = NAN;         ///< of the first harmonic, z = A cos(w t - phase)
  double phase = NAN;             ///< [deg] lag behind the drive
  double dissipation = NAN;       ///< -work of F_ts in a period
  double damping = NAN;           ///< work against the damping in a period
  double input = NAN;             ///< work of the drive in a period
  double mean_force = NAN;        ///< of F_ts
  double virial = NAN;            ///< [nN nm] mean of F_ts z
  double closest = NAN;           ///< smallest d
  double peak_force = NAN;        ///< largest F_ts, at events and steps
  double contact_time = NAN;      ///< [1] share of the period with d < a0
  bool converged = false;         ///< a period that closes
  bool stable = false;            ///< small departures from it die out
  std::array<double, 2> start{};  ///< z, z'/w0 at w t = pi/2
};

/// Motion of the free lever.
Orbit free_orbit(const Cantilever& lever);

/// Steady state over the surface at z_c, next to `from`.
Orbit steady_orbit(const Cantilever& lever, const TipSurface& surface, double distance, const Orbit& from);

/// Steady states at each distance in turn, each from the one before; the first from the free motion.
std::vector<Orbit> approach(const Cantilever& lever, const TipSurface& surface, std::span<const double> distances);
/// The same, going on from `from`.
std::vector<Orbit> approach(const Cantilever& lever, const TipSurface& surface, std::span<const double> distances, Orbit from);

/// States at each distance in turn as long as the state of `from` lasts: ends before the first leap, never waits.
std::vector<Orbit> branch(const Cantilever& lever, const TipSurface& surface, std::span<const double> distances, Orbit from);

/// Largest relative change of the energy of an undriven, undamped tip (without losses of the surface) in `periods` periods, let go at
/// height `height` [nm] above its rest position.
double energy_drift(const Cantilever& lever, const TipSurface& surface, double distance, double height, int periods);

/// A period in steps: distance [nm], force [nN], and time as share of the period.
struct Loop {
  std::vector<double> time, distance, force;
};
Loop force_loop(const Cantilever& lever, const TipSurface& surface, const Orbit& orbit);

}  // namespace heteroglass::probes
