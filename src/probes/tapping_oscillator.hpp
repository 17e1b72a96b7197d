/// Amplitude, phase and dissipation of a tapping tip against its distance from a surface, simulated.
///
///     m z'' = -k z - (m w0/Q) z' + F0 cos(w t) + F_ts(z_c + z, z'),   F0 = k A0/Q
///
/// F_ts: van der Waals and DMT, viscosity, hysteresis of the long-range and of the contact force (oscillator.hpp). The tip is brought
/// nearer in `points` steps and taken away again, each steady state found from the one before, as an instrument does it slowly; where
/// the way back differs, two states exist. Given beside each other: what the motion dissipates (work of F_ts) and what the formulas of
/// probes/tapping_afm read from its amplitude and phase,
///
///     E_dis = [sin phi - (w/w0)(A/A0)] pi k A A0/Q,   <F_ts> = (F0/2) cos phi - (k A/2)(1 - w^2/w0^2)
///
/// The derivative dE_dis/d(A/A0) tells the losses apart (probes/dissipation_mechanism). `drift` is the change of energy in 100 periods
/// without drive and losses: the accuracy of the integration. The quasi-static loop is the same contact pressed slowly: the depth at the peak
/// load is smaller with viscosity than without. Phase is the lag, 90 degrees free at resonance; above 90 attraction prevails. First mode,
/// air or vacuum (Q above some ten). Cost about 2 ms a point.
/// Source: Garcia, Perez, Surf. Sci. Rep. 47, 197 (2002), doi:10.1016/S0167-5729(02)00077-8; Garcia et al., Phys. Rev. Lett. 97, 016103
/// (2006), doi:10.1103/PhysRevLett.97.016103.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "probes/afm/oscillator.hpp"

namespace heteroglass::probes {

struct TappingOscillatorOptions {
  Cantilever lever;
  TipSurface surface;
  std::optional<double> from = {}, to = {};  ///< [nm] distances; unset: 1.07 A0 + 1 nm and 0.05 A0
  int points = 40;
  double setpoint = 0.7;   ///< [1] A/A0 of the loop of forces
  double press_load = 50;  ///< [nN] of the slow loop
  double press_time = 1;   ///< [ms] to reach it
  static const Fields& fields();
};

struct TappingOscillator {
  std::vector<double> distance;                                  ///< [nm] z_c
  std::vector<double> amplitude, amplitude_back;                 ///< [nm] coming, going
  std::vector<double> phase, phase_back;                         ///< [deg]
  std::vector<double> dissipation, dissipation_back;             ///< [eV] work of the force
  std::vector<double> dissipation_formula;                       ///< [eV] from amplitude and phase
  std::vector<double> mean_force, mean_force_formula;            ///< [nN]
  std::vector<double> peak_force, closest, contact_time;         ///< [nN], [pm], [1]
  std::vector<double> ratio, ratio_dissipation;                  ///< [1] A/A0 ascending, [eV]
  std::vector<double> middle, derivative;                        ///< [1], [eV] dE/d(A/A0)
  std::vector<double> loop_distance, loop_force;                 ///< [nm], [nN] at the set point
  std::vector<double> depth, load, depth_elastic, load_elastic;  ///< [nm], [nN] slow loop
  double loop_ratio = NAN;                                       ///< [1] A/A0 of the loop
  double press_depth = NAN, press_depth_elastic = NAN;           ///< [nm] at the peak load
  double press_dissipation = NAN;                                ///< [eV]
  double drift = NAN;                                            ///< [1]
  int unsteady = 0;                                              ///< points without a periodic motion
  bool two_states = false;
  static const Fields& fields();
};

/// @throws InputError when the distances do not fall
TappingOscillator tapping_oscillator(const TappingOscillatorOptions& options = {}, Context& context = Context::quiet());

/// Dissipation [eV] from amplitude [nm] and phase lag [deg].
double tapping_dissipation(const Cantilever& lever, double amplitude, double phase);
/// Mean force [nN], positive when it repels.
double tapping_force(const Cantilever& lever, double amplitude, double phase);

}  // namespace heteroglass::probes
