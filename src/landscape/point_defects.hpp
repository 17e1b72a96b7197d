/// Point defects of a crystal: formation enthalpy and volume, what they do to the moduli, which atoms they displace, their soft modes.
///
///     H_f = [ E(N0 + n) - E(N0) - sum_s dN_s mu_s ] / n     at zero stress; one element: mu = E(N0)/N0, so E(N0+-1) - (N0+-1)/N0 E(N0)
///     v_rel = [ V(N0 +- n) - V(N0) ] / (n Omega),  v_f = v_rel - 1 (interstitial), v_rel + 1 (vacancy)      Omega = V(N0)/N0
///     alpha = H_f / (G Omega),   G = G0 exp(-alpha beta c),   c = n / N0                        (Granato's interstitialcy theory)
///
/// Crystal and crystals with `counts` defects (sample/point_defects: random places and orientations) are relaxed with their cells to zero
/// stress, and their stiffness found (strain_response.hpp). Moduli are averaged over the cube: c44 = (C44 + C55 + C66)/3,
/// c' = mean (C_ii - C_ij)/2; G is Hill's average. -dlnM/dc comes from a line through the origin of ln(M/M0) against c, its error from the scatter about
/// it; alpha and beta of each modulus M follow. H_f, volumes, string and modes are those of the smallest count, its first sample.
/// Displacements are from the sites of the crystal in the present cell (defect_sites.hpp). String: atoms displaced by more than
/// `string_threshold` nearest-neighbour distances, one after the other along a row of atoms that starts at the defect.
/// Modes: the softest ones; core weight is the mean |e_i|^2 on the atoms within 1.2 d of the defect over the mean on all. Modes of large core
/// weight are resonances: the <100> dumbbell of fcc has two librations and, above them, a vibration against its cage. In a large cell sound
/// waves lie beside a resonance and share it out among several modes; a small one (500 sites) shows it best.
/// Zero temperature: no vibrational entropy, and dumbbells cannot turn, so paraelastic softening is not in the moduli.
/// Finite cells: H_f converges as 1/N0 (defects see their images); compare `cells`. Not for charged defects or alloys at finite c.
/// Cost: for each sample a relaxation (about 200 force evaluations) and one stiffness (about 200 products of six vectors).
/// References: Granato, Phys. Rev. Lett. 68, 974 (1992), doi:10.1103/PhysRevLett.68.974; Granato, Eur. Phys. J. B 87, 18 (2014),
/// doi:10.1140/epjb/e2013-41024-1; Dederichs et al., J. Nucl. Mater. 69-70, 176 (1978), doi:10.1016/0022-3115(78)90243-X;
/// Nordlund, Ashkenazy, Averback, Granato, Europhys. Lett. 71, 625 (2005), doi:10.1209/epl/i2005-10132-1.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::landscape {

struct PointDefectsOptions {
  std::string potential = "CuZr-Mendelev2007";
  std::string defect = "split-100";
  std::vector<int> counts = {1, 2, 4, 8};
  int samples = 1;
  double minimum_distance = 8;                            ///< [angstrom] between defects
  std::map<std::string, double> chemical_potential = {};  ///< [eV] of each element; empty: E/N of a crystal of one element
  double force_tolerance = 1e-6;                          ///< [eV/angstrom]
  double stress_tolerance = 1e-3;                         ///< [GPa]
  double string_threshold = 0.05;                         ///< [1] in nearest-neighbour distances
  int modes = 48;
  int seed = 1;
  static const Fields& fields();
};

struct PointDefects {
  Measured formation_enthalpy;                   ///< [eV]
  Measured formation_volume, relaxation_volume;  ///< [1] in atomic volumes
  Measured alpha, beta;                          ///< [1]
  double crystal_energy = 0;                     ///< [eV] per atom
  double atomic_volume = 0;                      ///< [angstrom^3]
  double shear_volume_energy = 0;                ///< [eV] G Omega
  Table moduli;                                  ///< c44, c', G, K: of the crystal, softening, alpha, beta
  Table configurations;                          ///< a row for each crystal with defects
  std::vector<double> concentration;             ///< [1]
  std::vector<double> shear_modulus, shear_modulus_model, c44, c_prime, bulk_modulus;  ///< [GPa, (concentration)]
  Table sites;                                                                         ///< empty and shared sites of the smallest count
  double displaced_atoms = 0, string_length = 0;
  Table strings;                                                    ///< rows of atoms through the defect
  std::vector<double> distance, displacement;                       ///< [angstrom] of atoms from the defect, and how far they are displaced
  std::vector<double> frequency, core_weight, participating_atoms;  ///< [THz], [1], [1] of the softest modes
  double crystal_frequency = 0;                                     ///< [THz] lowest of the perfect crystal
  Table resonances;                                                 ///< modes that sit on the defect
  Measured resonance_frequency;                                     ///< [THz]
  std::vector<Frame> configuration;                                 ///< the crystal, then the first sample of each count
  std::string potential_reference;
  static const Fields& fields();
};

/// @throws InputError for a frame that is no crystal (interstitials), counts that do not fit, missing chemical potentials
PointDefects point_defects(const Frame& crystal, const PointDefectsOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::landscape
