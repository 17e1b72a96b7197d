// Options, columns and results of probes/indentation.
#include "probes/indentation.hpp"

namespace heteroglass::probes {
namespace {

constexpr const char* in_columns = "columns ..._error, where a value has one";

Fields options_table() {
  using O = IndentationOptions;
  return {
      field<&O::load>("load", "mN", "load of the formula, without a file").positive(),
      field<&O::shear_modulus>("shear_modulus", "GPa", "relaxed modulus G of the formula; with curves: for stresses of pop-ins").positive(),
      field<&O::relaxation_time>("relaxation_time", "s", "t_c of the formula").positive(),
      field<&O::time>("time", "s", "duration of the loading of the formula").positive(),
      field<&O::hold>("hold", "s", "hold after it").non_negative(),
      field<&O::ratio>("ratio", "1", "G_II/G_I of the formula; unset: a Kelvin solid").non_negative(),
      field<&O::model>("model", "", "solid that is fitted").one_of({"kelvin", "zener", "hertz"}),
      field<&O::poisson>("poisson", "1", "Poisson's ratio of the sample; unset: 0.363").range(0, 0.5).alias("nu"),
      field<&O::radius>("radius", "um", "radius of the tip; unset: 2 um for a sphere").positive(),
      field<&O::tip_modulus>("tip_modulus", "GPa", "E/(1 - nu^2) of the tip; diamond 1147 GPa; unset: rigid for loading, diamond for E_IT")
          .positive(),
      field<&O::tip>("tip", "", "shape of the tip").one_of({"sphere", "berkovich", "vickers", "cube-corner", "function"}),
      field<&O::tip_area>("tip_area", "1", "area function c_0 h^2 + c_1 h + c_2 h^(1/2) + ..., h in nm, for --tip function"),
      field<&O::drift>("drift", "nm/s", "drift that is subtracted"),
      field<&O::drift_from>("drift_from", "s", "begin of a part of the curve where only drift moves the tip; the drift is measured there"),
      field<&O::drift_to>("drift_to", "s", "end of that part"),
      field<&O::frame_compliance>("frame_compliance", "nm/mN", "compliance of the frame that is subtracted").non_negative(),
      field<&O::fit>("fit", "", "part that is fitted: up to the end of the loading, or of the hold").one_of({"hold", "loading"}),
      field<&O::fit_from>("fit_from", "1", "load from which points are fitted, over the largest load").range(0, 0.9),
      field<&O::grid>("grid", "", "indents of the grid, COLUMNSxROWS, e.g. 11x11; empty: positions of the file, or none"),
      field<&O::spacing>("spacing", "nm", "distance of neighbouring indents").positive(),
      field<&O::grid_order>("grid_order", "", "order of the indents; automatic: positions where files give them, else rows")
          .one_of({"automatic", "positions", "rows", "serpentine", "columns"}),
      field<&O::temperature>("temperature", "K", "temperature of the test").positive(),
      field<&O::attempt_frequency>("attempt_frequency", "1/s", "nu_0 of the barrier k T ln(nu_0 t_c)").positive(),
      field<&O::pop_in_threshold>("pop_in_threshold", "1", "least jump of a pop-in over the noise").range(3, 100),
      field<&O::pop_in_size>("pop_in_size", "nm", "least jump of depth of a pop-in").non_negative(),
      field<&O::stop_at_pop_in>("stop_at_pop_in", "", "fit only up to the first pop-in"),
      field<&O::unload_from>("unload_from", "1", "load where the fit of the unloading begins, over the largest").range(0.5, 1),
      field<&O::unload_to>("unload_to", "1", "load where it ends").range(0.05, 0.95),
      field<&O::epsilon>("epsilon", "1", "intercept factor; unset: from the exponent of the unloading").range(0.5, 1),
      field<&O::beta>("beta", "1", "shape factor in E_r; ISO 14577 has 1, some programs 1.034 for Berkovich tips").range(0.9, 1.2),
      field<&O::cluster_by>("cluster_by", "", "quantity whose groups, histogram and correlation are shown")
          .one_of({"automatic", "shear_modulus", "h_it", "e_it"}),
      field<&O::most_clusters>("most_clusters", "1", "largest number of groups that is tried").range(1, 8),
      field<&O::shuffles>("shuffles", "1", "shuffled maps beside each correlation length").range(20, 10000),
      field<&O::curve>("curve", "1", "number of the curve that is drawn and whose creep is analysed").range(1, 1e6),
      field<&O::seed>("seed", "1", "of shuffles, groups and credible bands").range(0, 1e9),
      field<&O::errors>("errors", "1",
                        "standard errors of options of the formula, NAME=VALUE in the unit of the option, carried to the results"),
  };
}

Fields single_results() {
  using R = Indentation;
  return {
      field<&R::depth>("depth", "nm", "depth at the end of the loading of the formula"),
      field<&R::depth_elastic>("depth_elastic", "nm", "the same of an elastic contact (Hertz)"),
      field<&R::depth_after_hold>("depth_after_hold", "nm", "depth at the end of the hold of the formula"),
      field<&R::corrections>("corrections", "", "what was subtracted from the curves").exact("text"),
      field<&R::area_function>("area_function", "", "tip area of H_IT and E_IT").exact("text"),
      field<&R::history>("history", "", "part of the curves that is fitted").exact("text"),
      field<&R::poisson>("poisson", "1", "Poisson's ratio used").exact("given, or assumed"),
      field<&R::radius>("radius", "um", "radius of the tip used").exact("given, or assumed"),
      field<&R::drift>("drift", "nm/s", "drift that was subtracted"),
      field<&R::mean_shear_modulus>("mean_shear_modulus", "GPa", "mean of the relaxed shear modulus G"),
      field<&R::spread_shear_modulus>("spread_shear_modulus", "GPa",
                                      "standard deviation of G over the places, errors of measurement taken out"),
      field<&R::mean_hertz_modulus>("mean_hertz_modulus", "GPa", "mean shear modulus if the contact were elastic"),
      field<&R::mean_relaxation_time>("mean_relaxation_time", "s", "mean of t_c"),
      field<&R::spread_relaxation_time>("spread_relaxation_time", "s", "standard deviation of t_c over the places, errors taken out"),
      field<&R::mean_viscosity>("mean_viscosity", "Pa s", "mean of eta_eff = G t_c"),
      field<&R::spread_viscosity>("spread_viscosity", "Pa s", "standard deviation of eta_eff over the places, errors taken out"),
      field<&R::mean_barrier>("mean_barrier", "eV", "mean of k T ln(nu_0 t_c)"),
      field<&R::spread_barrier>("spread_barrier", "eV", "standard deviation of the barrier over the places, errors taken out"),
      field<&R::mean_ratio>("mean_ratio", "1", "mean of a = G_II/G_I (Zener)"),
      field<&R::mean_h_it>("mean_h_it", "GPa", "mean indentation hardness H_IT"),
      field<&R::spread_h_it>("spread_h_it", "GPa", "standard deviation of H_IT, errors of measurement taken out"),
      field<&R::mean_e_it>("mean_e_it", "GPa", "mean indentation modulus E_IT"),
      field<&R::spread_e_it>("spread_e_it", "GPa", "standard deviation of E_IT, errors of measurement taken out"),
      field<&R::activation_volume>("activation_volume", "nm^3", "of the event behind the first pop-in"),
      field<&R::glassy_compliance>("glassy_compliance", "1/GPa", "J_g, compliance in shear without retardation"),
      field<&R::fluidity>("fluidity", "1/(GPa s)", "1/eta of the flow term of the creep"),
  };
}

Fields table_results() {
  using R = Indentation;
  return {
      field<&R::indents>("indents", "", "a row for each curve: model, contact, residuals").exact(in_columns),
      field<&R::oliver_pharr>("oliver_pharr", "", "a row for each curve: hardness and modulus from the unloading, after ISO 14577")
          .exact(in_columns),
      field<&R::stated>("stated", "", "hardness and modulus that the files state, beside those found here").exact("files state none"),
      field<&R::models>("models", "", "Hertz, Kelvin and Zener solids compared").exact("information criterion"),
      field<&R::correlation_lengths>("correlation_lengths", "", "correlation lengths of the maps, beside shuffled maps").exact(in_columns),
      field<&R::clusters>("clusters", "", "Gaussian mixture of each quantity").exact(in_columns),
      field<&R::cluster_number>("cluster_number", "", "how many groups there are").exact(in_columns),
      field<&R::pop_in>("pop_in", "", "first pop-in of each curve that has one").exact(in_columns),
  };
}

Fields map_results() {
  using R = Indentation;
  return {
      field<&R::x>("x", "nm", "position of the columns of the maps; counted where the spacing is not known").exact("given"),
      field<&R::y>("y", "nm", "position of the rows of the maps").exact("given"),
      field<&R::shear_modulus>("shear_modulus", "GPa", "map of the relaxed shear modulus G").map("x", "y"),
      field<&R::shear_modulus_error>("shear_modulus_error", "GPa", "its error").error_for("shear_modulus"),
      field<&R::relaxation_time>("relaxation_time", "s", "map of t_c; empty places are not resolved").map("x", "y"),
      field<&R::relaxation_time_error>("relaxation_time_error", "s", "its error").error_for("relaxation_time"),
      field<&R::viscosity>("viscosity", "Pa s", "map of eta_eff = G t_c").map("x", "y"),
      field<&R::viscosity_error>("viscosity_error", "Pa s", "its error").error_for("viscosity"),
      field<&R::barrier>("barrier", "eV", "map of the barrier k T ln(nu_0 t_c)").map("x", "y"),
      field<&R::barrier_error>("barrier_error", "eV", "its error").error_for("barrier"),
      field<&R::h_it>("h_it", "GPa", "map of the indentation hardness H_IT").map("x", "y"),
      field<&R::h_it_error>("h_it_error", "GPa", "its error").error_for("h_it"),
      field<&R::e_it>("e_it", "GPa", "map of the indentation modulus E_IT").map("x", "y"),
      field<&R::e_it_error>("e_it_error", "GPa", "its error").error_for("e_it"),
      field<&R::cluster>("cluster", "1", "map of the group that each indent most probably belongs to").map("x", "y").exact("a label"),
      field<&R::map_distance>("map_distance", "nm", "distance of indents").exact("middle of a ring"),
      field<&R::map_correlation>("map_correlation", "1", "autocorrelation of the map that is shown").over("map_distance", Plot::points),
      field<&R::map_correlation_error>("map_correlation_error", "1", "its error").error_for("map_correlation"),
      field<&R::shuffled_low>("shuffled_low", "1", "lower end of 95 % of shuffled maps")
          .over("map_distance")
          .exact("quantile")
          .with("map_correlation"),
      field<&R::shuffled_high>("shuffled_high", "1", "upper end").over("map_distance").exact("quantile").with("map_correlation"),
      field<&R::value>("value", "GPa", "values of the quantity whose groups are shown").exact("middle of a bin"),
      field<&R::count>("count", "1", "indents in the bin").over("value", Plot::points).exact("counted"),
      field<&R::count_model>("count_model", "1", "the same of the Gaussian mixture").over("value").exact("model").with("count"),
  };
}

Fields curve_results() {
  using R = Indentation;
  return {
      field<&R::pop_in_stress>("pop_in_stress", "GPa", "largest shear stress at the pop-ins, sorted").exact("see pop_in"),
      field<&R::pop_in_fraction>("pop_in_fraction", "1", "part of the indents with a pop-in up to there (Kaplan-Meier)")
          .over("pop_in_stress", Plot::points),
      field<&R::pop_in_fraction_error>("pop_in_fraction_error", "1", "its error").error_for("pop_in_fraction"),
      field<&R::pop_in_fraction_model>("pop_in_fraction_model", "1", "of a thermally activated event")
          .over("pop_in_stress")
          .exact("model")
          .with("pop_in_fraction"),
      field<&R::curve_time>("curve_time", "s", "one curve: time; counted where there is none").exact("measured"),
      field<&R::curve_load>("curve_load", "mN", "its load").over("curve_depth").exact("measured, corrected"),
      field<&R::curve_depth>("curve_depth", "nm", "its depth from the point of contact")
          .over("curve_time", Plot::points)
          .exact("measured, corrected"),
      field<&R::curve_model>("curve_model", "nm", "the fit").over("curve_time").exact("model").with("curve_depth"),
      field<&R::curve_residual>("curve_residual", "nm", "depth less fit").over("curve_time", Plot::points).exact("residual"),
      field<&R::formula_time>("formula_time", "s", "time of the formula").exact("chosen"),
      field<&R::formula_load>("formula_load", "mN", "load of the formula").over("formula_time").exact("given"),
      field<&R::formula_depth>("formula_depth", "nm", "depth of the formula").over("formula_time").exact("formula at exact values"),
      field<&R::formula_elastic>("formula_elastic", "nm", "depth of an elastic contact")
          .over("formula_time")
          .exact("formula at exact values")
          .with("formula_depth"),
      field<&R::creep_time>("creep_time", "s", "time since contact").exact("measured").log_axis(),
      field<&R::compliance>("compliance", "1/GPa", "(h - h_0)^(3/2)/(K P) of loading and hold").over("creep_time", Plot::points),
      field<&R::compliance_error>("compliance_error", "1/GPa", "its error").error_for("compliance"),
      field<&R::compliance_model>("compliance_model", "1/GPa", "of the spectrum").over("creep_time").exact("model").with("compliance"),
      field<&R::tau>("tau", "s", "retardation time").exact("grid").log_axis(),
      field<&R::retardation>("retardation", "1/GPa", "spectrum of retardation times L").over("tau"),
      field<&R::retardation_error>("retardation_error", "1/GPa", "its error").error_for("retardation"),
      field<&R::retardation_low>("retardation_low", "1/GPa", "lower end of the 95 % band")
          .over("tau")
          .exact("credible band")
          .with("retardation"),
      field<&R::retardation_high>("retardation_high", "1/GPa", "upper end").over("tau").exact("credible band").with("retardation"),
      field<&R::retardation_inside>("retardation_inside", "1", "1 where the times measured determine it")
          .over("tau")
          .exact("flag")
          .as(Plot::none),
  };
}

}  // namespace

const Fields& IndentationOptions::fields() {
  static const Fields table = options_table();
  return table;
}

const ColumnRoles& IndentationOptions::columns() {
  static const ColumnRoles roles = {
      {"time", "s", "time", false, {"t", "time_on_sample", "test_time"}},
      {"load", "mN", "load", false, {"force", "f", "p", "fn", "normal_force", "load_on_sample", "raw_load"}},
      {"depth",
       "nm",
       "depth",
       false,
       {"h", "pd", "displacement", "penetration", "penetration_depth", "indentation_depth", "displacement_into_surface"}},
      {"indent", "1", "number of an indent in a table of parameters", false, {}},
      {"h_it", "GPa", "indentation hardness of indents", false, {"HIT (O&P)", "HIT", "hardness"}},
      {"e_it", "GPa", "indentation modulus of indents", false, {"EIT (O&P)", "EIT"}},
      {"x", "nm", "position of indents", false, {"x_position"}},
      {"y", "nm", "position of indents", false, {"y_position"}}};
  return roles;
}

const Fields& Indentation::fields() {
  static const Fields table = [] {
    Fields all = single_results();
    for (const Fields& part : {table_results(), map_results(), curve_results()}) all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return table;
}

}  // namespace heteroglass::probes
