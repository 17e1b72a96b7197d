#include "structure/reverse_monte_carlo.hpp"

namespace heteroglass::structure {

const ColumnRoles& ReverseMonteCarloOptions::columns() {
  static const ColumnRoles roles = {
      {"q", "1/angstrom", "wave number 4 pi sin(theta)/lambda", false, {"k", "s"}},
      {"structure_factor", "1", "total S(Q), Faber-Ziman, tends to 1", false, {"sq", "s(q)"}},
      {"structure_factor_error", "1", "its standard error", false, {"sqerror", "ds"}},
      {"r", "angstrom", "distance", false, {}},
      {"g", "1", "total g(r), tends to 1", false, {"g(r)", "gr", "pdf"}},
      {"g_error", "1", "its standard error", false, {}},
      {"g_reduced", "1/angstrom^2", "G(r) = 4 pi rho r (g - 1)", false, {}},
      {"g_reduced_error", "1/angstrom^2", "its standard error", false, {}},
  };
  return roles;
}

const Fields& ReverseMonteCarloOptions::fields() {
  using O = ReverseMonteCarloOptions;
  static const Fields table = {
      field<&O::weights>("weights", "", "what was measured: number, xray or neutron, once or for each data set in the order of the files"),
      field<&O::moves>("moves", "1", "moves an atom, at most").positive(),
      field<&O::tolerance>("tolerance", "1", "relative fall of chi2 in ten moves an atom below which the walk ends; 0: never")
          .non_negative(),
      field<&O::scramble>("scramble", "angstrom", "random displacement of the start, each component up to this").non_negative(),
      field<&O::minimum_distance>("minimum_distance", "angstrom",
                                  "closest approach by pair, Cu-Zr=2.3; others: 0.8 of the sum of metallic radii"),
      field<&O::r_max>("r_max", "angstrom", "longest distance counted; unset: half the smallest height of the box, at most 15").positive(),
      field<&O::q_max>("q_max", "1/angstrom", "where the transform behind g(r) ended; unset: g(r) as it is").positive(),
      field<&O::structure_factor_sigma>("structure_factor_sigma", "1", "standard error of S(Q); unset: the column of the data, else 0.01")
          .positive(),
      field<&O::g_sigma>("g_sigma", "1", "standard error of g(r); unset: the column of the data, else 0.03").positive(),
      field<&O::coordination>("coordination", "", "mean coordination as a datum: Cu-Zr=6.5:3.4, number and distance in angstrom"),
      field<&O::coordination_sigma>("coordination_sigma", "1", "standard error of these").positive(),
      field<&O::potential>("potential", "", "EAM potential whose energy is weighed beside the data, e.g. CuZr-Mendelev2007; empty: none"),
      field<&O::temperature>("temperature", "K", "temperature of that energy").positive(),
      field<&O::max_move>("max_move", "angstrom", "longest component of a move at the start; it follows the acceptance").positive(),
      field<&O::seed>("seed", "1", "of the random numbers").non_negative(),
  };
  return table;
}

const Fields& ReverseMonteCarlo::fields() {
  using R = ReverseMonteCarlo;
  static const Fields table = {
      field<&R::chi_squared_per_point>("chi_squared_per_point", "1", "at the end; 1: as good as the data's errors")
          .exact("of one configuration"),
      field<&R::chi_squared_per_point_start>("chi_squared_per_point_start", "1", "of the start").exact("of one configuration"),
      field<&R::converged>("converged", "", "chi2 fell by less than the tolerance in the last ten moves an atom"),
      field<&R::moves>("moves", "1", "proposed, an atom").exact("a count"),
      field<&R::acceptance>("acceptance", "1", "share of moves taken").exact("a count"),
      field<&R::energy_per_atom>("energy_per_atom", "eV", "of the configuration; none without a potential").exact("of one configuration"),
      field<&R::close_pairs>("close_pairs", "1", "pairs nearer than their minimum distance").exact("a count"),
      field<&R::r_max>("r_max", "angstrom", "longest distance counted").exact("a setting"),
      field<&R::minimum_distance>("minimum_distance", "angstrom", "closest approach allowed").exact("a setting"),
      field<&R::displacement_rms>("displacement_rms", "angstrom", "from the (scrambled) start").exact("of one configuration"),
      field<&R::data>("data", "", "agreement with each data set"),
      field<&R::q>("q", "1/angstrom", "wave numbers of the first S(Q)").exact("a grid"),
      field<&R::structure_factor_data>("structure_factor_data", "1", "measured S(Q), smoothed by the window of r_max")
          .over("q", Plot::points),
      field<&R::structure_factor_data_error>("structure_factor_data_error", "1", "standard error")
          .over("q", Plot::none)
          .error_for("structure_factor_data"),
      field<&R::structure_factor>("structure_factor", "1", "S(Q) of the configuration")
          .over("q")
          .with("structure_factor_data")
          .exact("of one configuration"),
      field<&R::structure_factor_start>("structure_factor_start", "1", "S(Q) of the start")
          .over("q")
          .with("structure_factor_data")
          .exact("of one configuration"),
      field<&R::r>("r", "angstrom", "distances of the first g(r)").exact("a grid"),
      field<&R::g_data>("g_data", "1", "measured g(r)").over("r", Plot::points),
      field<&R::g_data_error>("g_data_error", "1", "standard error").over("r", Plot::none).error_for("g_data"),
      field<&R::g>("g", "1", "g(r) of the configuration").over("r").with("g_data").exact("of one configuration"),
      field<&R::g_start>("g_start", "1", "g(r) of the start").over("r").with("g_data").exact("of one configuration"),
      field<&R::distance>("distance", "angstrom", "middle of the bins of the partial functions").exact("a grid"),
      field<&R::pair>("pair", "", "species pairs"),
      field<&R::g_partial>("g_partial", "1", "partial g(r) of the configuration").over("distance").labelled("pair"),
      field<&R::g_partial_error>("g_partial_error", "1", "counting error").error_for("g_partial"),
      field<&R::moves_per_atom>("moves_per_atom", "1", "moves an atom").exact("a count"),
      field<&R::chi_squared>("chi_squared", "1", "chi2 a point along the walk")
          .over("moves_per_atom")
          .log_axis()
          .exact("of one configuration"),
      field<&R::configuration>("configuration", "", "the refined configuration"),
  };
  return table;
}

}  // namespace heteroglass::structure
