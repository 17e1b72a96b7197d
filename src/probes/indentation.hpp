/// Local modulus, relaxation time and viscosity from nanoindentation: one curve, or a grid of them.
///
///     h^(3/2)(t) = 3 (1 - nu)/(8 sqrt R) Int J(t - s) dP(s)         loading and hold, any history of load P
///     Kelvin:  J = (1/G)(1 - e^{-t/t_c}),  so at constant loading rate  h^(3/2) = h_0^(3/2) [1 - (t_c/t)(1 - e^{-t/t_c})]
///     Zener:   J = (1/G)[1 - a/(1 + a) e^{-t/t_c}],  a = G_II/G_I, G = G_I;     Hertz: J = 1/G
///     eta_eff = G t_c = eta (1 + G_I/G_II),   dG = k T ln(nu_0 t_c)
///
/// h_0 is the depth of Hertz's contact. Without a file the formula is evaluated: depth at `time` after constant loading (and a hold). With
/// load-depth-time curves (Hysitron, CSM/Anton Paar, Fischer, tables) each is fitted (viscoelastic_contact.hpp) with its own contact point;
/// unloading is not fitted (the contact shrinks: Ting); it gives H_IT and E_IT beside (oliver_pharr.hpp). A first pop-in (pop_in.hpp)
/// ends the fit, because depth is elastic no longer. Several curves make maps on a grid with their correlation length beside the
/// same of shuffled maps, distributions with the errors of measurement taken out, and groups (numeric/gaussian_mixture.hpp). A hold gives
/// a spectrum of retardation times (hold_creep.hpp). Tables of parameters (CSM reports) give maps and groups of H_IT and E_IT.
///
/// A rigid tip is assumed unless --tip-modulus says another. Neighbouring indents closer than the contact (radius sqrt(R h)) see the same
/// material: the correlation length is compared with that. t_c far above the duration or below the time step is not resolved, and says so.
/// Only spheres are fitted; for other tips, the blunt end with --radius, up to its first pop-in or a depth of 6 % of R.
/// Cost: about 1 ms for a curve of 3,000 points. References: Qiao et al., Prog. Mater. Sci. 104, 250 (2019),
/// doi:10.1016/j.pmatsci.2019.04.005, equations 3.5 to 3.9; Lee, Radok, doi:10.1115/1.3644020; Johnson, Contact Mechanics, doi:10.1017/CBO9781139171731.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::probes {

struct IndentationOptions {
  std::optional<double> load = {}, shear_modulus = {}, relaxation_time = {}, time = {};  ///< [mN], [GPa], [s], [s] of the formula
  double hold = 0;                                                                       ///< [s] of the formula
  std::optional<double> ratio = {};                                                      ///< [1] G_II/G_I of the formula
  std::string model = "kelvin";                                                          ///< kelvin | zener | hertz
  std::optional<double> poisson = {}, radius = {};                                       ///< [1], [um]
  std::optional<double> tip_modulus = {};                                                ///< [GPa] E/(1 - nu^2) of the tip
  std::string tip = "sphere";
  std::vector<double> tip_area = {};
  double drift = 0;                                      ///< [nm/s]
  std::optional<double> drift_from = {}, drift_to = {};  ///< [s]
  double frame_compliance = 0;                           ///< [nm/mN]
  std::string fit = "hold";                              ///< loading | hold
  double fit_from = 0.02;                                ///< [1] of the largest load
  std::string grid = "";
  std::optional<double> spacing = {};  ///< [nm]
  std::string grid_order = "automatic";
  double temperature = 300, attempt_frequency = 1e13;  ///< [K], [1/s]
  double pop_in_threshold = 6, pop_in_size = 0.5;      ///< [1], [nm]
  bool stop_at_pop_in = true;
  double unload_from = 0.98, unload_to = 0.5;  ///< [1]
  std::optional<double> epsilon = {};          ///< [1]
  double beta = 1;                             ///< [1]
  std::string cluster_by = "automatic";
  int most_clusters = 4, shuffles = 200, curve = 1, seed = 1;
  std::map<std::string, double> errors = {};
  static constexpr bool joins_files = true;
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct Indentation {
  // the formula
  Measured depth, depth_elastic, depth_after_hold;  ///< [nm]
  // what was assumed
  std::string corrections, area_function, history;
  double poisson = NAN, radius = NAN;  ///< [1], [um]
  Measured drift;                      ///< [nm/s]
  // means and spreads
  Measured mean_shear_modulus, spread_shear_modulus, mean_hertz_modulus;  ///< [GPa]
  Measured mean_relaxation_time, spread_relaxation_time;                  ///< [s]
  Measured mean_viscosity, spread_viscosity;                              ///< [Pa s]
  Measured mean_barrier, spread_barrier, mean_ratio;                      ///< [eV], [1]
  Measured mean_h_it, spread_h_it, mean_e_it, spread_e_it;                ///< [GPa]
  Table indents, oliver_pharr, stated, models;
  // maps
  std::vector<double> x, y;  ///< [nm]
  Matrix shear_modulus, shear_modulus_error, relaxation_time, relaxation_time_error, viscosity, viscosity_error, barrier, barrier_error;
  Matrix h_it, h_it_error, e_it, e_it_error, cluster;
  Table correlation_lengths;
  std::vector<double> map_distance, map_correlation, map_correlation_error, shuffled_low, shuffled_high;  ///< [nm], [1]
  Table clusters, cluster_number;
  std::vector<double> value, count, count_model;  ///< [GPa], [1] histogram of what the clusters are of
  // pop-ins
  Table pop_in;
  std::vector<double> pop_in_stress, pop_in_fraction, pop_in_fraction_error, pop_in_fraction_model;  ///< [GPa], [1]
  Measured activation_volume;                                                                        ///< [nm^3]
  // one curve
  std::vector<double> curve_time, curve_load, curve_depth, curve_model, curve_residual;  ///< [s], [mN], [nm]
  std::vector<double> formula_time, formula_load, formula_depth, formula_elastic;        ///< [s], [mN], [nm]
  // creep of the same curve
  std::vector<double> creep_time, compliance, compliance_error, compliance_model;              ///< [s], [1/GPa]
  std::vector<double> tau, retardation, retardation_error, retardation_low, retardation_high;  ///< [s], [1/GPa]
  std::vector<int> retardation_inside;
  Measured glassy_compliance, fluidity;  ///< [1/GPa], [1/(GPa s)]
  static const Fields& fields();
};

/// @throws InputError for a curve without contact, columns that are missing, a grid that is not that of the curves
Indentation indentation(std::span<const Curve> curves, const IndentationOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::probes
