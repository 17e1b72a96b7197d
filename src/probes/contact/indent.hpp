/// All that one load-depth curve gives; the part of probes/indentation that is done for each curve, on threads.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/curve.hpp"
#include "probes/contact/contact_curve.hpp"
#include "probes/contact/oliver_pharr.hpp"
#include "probes/contact/pop_in.hpp"
#include "probes/contact/viscoelastic_contact.hpp"
#include "probes/indentation.hpp"

namespace heteroglass::probes {

/// Options with what was left to the program filled in.
struct IndentSettings {
  Corrections corrections;
  Tip tip;
  UnloadingSettings unloading;
  ContactModel model = ContactModel::kelvin;
  double poisson = 0.363, radius = 2;  ///< [1], [um]
  double tip_modulus = INFINITY;       ///< [GPa] of the contact; infinite: rigid
  bool with_hold = true, stop_at_pop_in = true, sphere = true, blunt = false, compare = true;
  double fit_from = 0.02;
  double pop_in_threshold = 6, pop_in_size = 0.5;
  double temperature = 300, attempt_frequency = 1e13;
};

/// A value with its standard error.
struct Value {
  double value = NAN, error = NAN;
};

struct Indent {
  std::string label, source;
  ContactCurve curve;
  std::size_t fit_end = 0;                      ///< one past the last fitted point
  std::optional<ContactFit> fit;                ///< of the model asked for
  std::array<double, 3> bic = {NAN, NAN, NAN};  ///< hertz, kelvin, zener
  Value shear_modulus, relaxation_time, viscosity, barrier, ratio, hertz_modulus, contact_depth;
  std::array<double, 2> time_interval = {NAN, NAN};
  OliverPharr unloading;
  std::optional<PopIn> pop_in;
  std::string why_no_fit;
  bool multi_cycle = false;

  /// Points from contact to the end of the fit.
  LoadHistory history() const;
};

/// @throws InputError
Indent indent(const Curve& curve, const IndentSettings& settings);

}  // namespace heteroglass::probes
