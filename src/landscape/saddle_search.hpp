/// One search for a saddle from a minimum by activation and relaxation (ARTn), on forces alone.
///
///  1. Activation: some atoms are pushed in a fixed direction, with a few L-BFGS steps across it after each push, until the lowest
///     curvature, which Lanczos iteration follows from push `ninit` on, is negative.
///  2. Climbing: a step along the lowest mode n, by Newton but no longer than eigen_step, then 4, 8, 12, 16, ... (the ramp
///     `nperp`) steps across n, and n is found anew. Once forces are small the force along n is turned round, f - 2 (f.n) n, so that
///     the last steps converge in all directions at once. Where the curvature turns positive again the climb goes on along n.
/// Converged: the longest |f_i| is below force_tolerance and the curvature along n is negative.
///
/// Measured on Lennard-Jones clusters from their lowest minima (tolerance 0.01, at most 1000 evaluations), evaluations on average and in
/// the median, failures: 38 atoms, 500 fresh pushes: 201, 169, 1 %; 55 atoms, on which no setting was chosen: 176, 150, 0.2 %.
///
/// References: Barkema, Mousseau, Phys. Rev. Lett. 77, 4358 (1996), doi:10.1103/PhysRevLett.77.4358; Malek, Mousseau, Phys. Rev. E 62, 7723
/// (2000), doi:10.1103/PhysRevE.62.7723; Cances et al., J. Chem. Phys. 130, 114711 (2009), doi:10.1063/1.3088532; Henkelman, Jonsson,
/// J. Chem. Phys. 111, 7010 (1999), doi:10.1063/1.480097 (the turned force).
#pragma once

#include <functional>

#include "landscape/force_field.hpp"
#include "landscape/lowest_mode.hpp"

namespace heteroglass::landscape {

/// Lengths are for a metal; scaled() makes them those of another unit.
struct SearchOptions {
  double push = 0.5;                        ///< [angstrom, sigma] length of the first push, over all atoms pushed
  double push_again = 0.25;                 ///< [angstrom, sigma] of the next ones
  int ninit = 3;                            ///< pushes before the curvature is looked at
  int max_pushes = 30;                      ///< also times that a lost negative curvature may be looked for
  double threshold = -0.002;                ///< [1] of the stiffness along the first push: a curvature below counts as negative
  int neigen = 1;                           ///< steps along the mode after each Lanczos iteration
  double eigen_step = 0.5;                  ///< [angstrom, sigma] longest of these, over all atoms
  double max_step = 0.15;                   ///< [angstrom, sigma] longest move of an atom in a step across
  std::vector<int> nperp = {4, 8, 12, 16};  ///< steps across between Lanczos iterations; at most 32 after the last
  int relax_push = 3;                       ///< steps across after each push
  int relax_lost = 8;                       ///< steps across after each step along a mode of positive curvature
  double turn_below =
      0.025;  ///< [angstrom, sigma] once forces are below this times the stiffness, the force along the mode is turned round
  double force_tolerance = 1e-3;  ///< [eV/angstrom, epsilon/sigma]
  int max_evaluations = 300;
  ModeOptions lanczos;

  SearchOptions scaled(double length) const {
    SearchOptions o = *this;
    for (double* v : {&o.push, &o.push_again, &o.eigen_step, &o.max_step, &o.turn_below}) *v *= length;
    return o;
  }
};

enum class SearchEnd { converged, no_negative_curvature, lost_negative_curvature, too_many_evaluations };

struct SaddlePoint {
  SearchEnd end = SearchEnd::converged;
  Vectors position;
  Mode mode;
  double residual_force = 0;  ///< [energy/length] longest
  int evaluations = 0;
};

/// @param start the minimum; @param push direction of the first push, of any length
SaddlePoint search_saddle(ForceField& field, const Vectors& start, const Vectors& push, const SearchOptions& options);

/// The second part alone, from a point near a saddle and a mode of negative curvature there.
SaddlePoint follow_mode(ForceField& field, Vectors x, Mode mode, const SearchOptions& options, double stiffness);

/// Goes down to a minimum; stops at force_tolerance, max_evaluations or where `enough`(position, force) says so. Returns the longest force
/// there.
double descend(ForceField& field, Vectors& x, double force_tolerance, double max_step, double stiffness, int max_evaluations,
               const std::function<bool(const Vectors&, const Vectors&)>& enough = {});

}  // namespace heteroglass::landscape
