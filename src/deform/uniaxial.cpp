#include "deform/uniaxial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/analysis.hpp"
#include "core/constants.hpp"
#include "deform/stress_strain.hpp"

namespace heteroglass::deform {
namespace {

/// The two other axes.
std::string others(const std::string& axis) { return axis == "x" ? "yz" : axis == "y" ? "xz" : "xy"; }

/// Change of a box length against its first row.
std::vector<double> elongation(const Curve& log, char axis) {
  const std::vector<double>& l = log.at(fmt::format("L{}", axis)).values;
  std::vector<double> out;
  for (const double x : l) out.push_back(x / l.front() - 1);
  return out;
}

Drive drive_for(const UniaxialOptions& o) {
  const double t = o.test.temperature;
  const std::string sides = others(o.axis);
  const std::string relaxed = fmt::format("fix integrate all npt temp {0} {0} 0.1 {1} 0 0 2.0 {2} 0 0 2.0\n", t, sides[0], sides[1]);
  return {.name = "uniaxial",
          .start = "",
          .equilibrate = fmt::format("fix integrate all npt temp {0} {0} 0.1 aniso 0 0 2.0\n", t),
          .integrate = o.lateral == "fixed" ? fmt::format("fix integrate all nvt temp {0} {0} 0.1\n", t) : relaxed,
          .deform = o.axis + " erate",
          .sign = o.mode == "tension" ? 1.0 : -1.0};
}

void lateral(const Curve& log, const UniaxialOptions& o, Uniaxial& result) {
  const std::string sides = others(o.axis);
  const std::vector<double> a = elongation(log, sides[0]), b = elongation(log, sides[1]);
  std::vector<double> mean;
  for (std::size_t i = 0; i < a.size(); ++i) mean.push_back((a[i] + b[i]) / 2);
  const auto within = static_cast<std::size_t>(std::upper_bound(result.strain_raw.begin(), result.strain_raw.end(), o.test.modulus_strain) -
                                               result.strain_raw.begin());
  if (o.lateral == "fixed") {
    result.poisson_ratio.note = "the sides are fixed";
  } else {
    result.poisson_ratio = slope(std::span(result.strain_raw).first(within), std::span(mean).first(within));
    result.poisson_ratio.value *= o.mode == "tension" ? -1 : 1;
  }
  result.lateral_strain = stress_strain(result.strain_raw, mean, o.test.modulus_strain, o.test.windows).stress;
}

}  // namespace

Uniaxial uniaxial(const Frame& frame, const UniaxialOptions& o, Context& context) {
  const Drive how = drive_for(o);
  DrivenRun run = drive(frame, how, o.test, context);
  Uniaxial result;
  result.written_only = run.written_only;
  if (run.written_only) return result;
  for (const double e : elongation(run.log, o.axis[0])) result.strain_raw.push_back(how.sign * e);
  for (const double bar : run.log.at(fmt::format("P{0}{0}", o.axis)).values)
    result.stress_raw.push_back(-how.sign * bar * constants::bar_in_gpa);
  StressStrain s = stress_strain(result.strain_raw, result.stress_raw, o.test.modulus_strain, o.test.windows);
  lateral(run.log, o, result);
  if (const CurveColumn* t = run.log.find("Temp"); t)
    result.temperature = stress_strain(result.strain_raw, t->values, o.test.modulus_strain, o.test.windows).stress;
  result.strain = std::move(s.strain), result.stress = std::move(s.stress), result.stress_error = std::move(s.stress_error);
  result.youngs_modulus = s.modulus, result.yield_strain = s.yield_strain, result.yield_stress = s.yield_stress;
  result.peak_strain = s.peak_strain, result.peak_stress = s.peak_stress;
  result.frame_strain = std::move(run.frame_strain);
  result.configuration = std::move(run.configuration), result.inherent = std::move(run.inherent);
  result.engine_version = run.engine_version;
  return result;
}

const Fields& UniaxialOptions::fields() {
  static const Fields table = with_nested<&UniaxialOptions::test>({
      field<&UniaxialOptions::axis>("axis", "", "loading direction").one_of({"x", "y", "z"}),
      field<&UniaxialOptions::mode>("mode", "", "sense of loading").one_of({"tension", "compression"}),
      field<&UniaxialOptions::lateral>("lateral", "", "what the two other edges do").one_of({"zero-pressure", "fixed"}),
  });
  return table;
}

const Fields& Uniaxial::fields() {
  static const Fields table = {
      field<&Uniaxial::strain>("strain", "1", "engineering strain, positive in the direction of loading").exact("imposed"),
      field<&Uniaxial::stress>("stress", "GPa", "Cauchy stress along the axis, positive in the direction of loading").over("strain"),
      field<&Uniaxial::stress_error>("stress_error", "GPa", "standard error of the window, from the scatter of the windows")
          .error_for("stress"),
      field<&Uniaxial::lateral_strain>("lateral_strain", "1", "mean strain of the two other edges").over("strain").exact("box lengths"),
      field<&Uniaxial::strain_raw>("strain_raw", "1", "strain of every logged row").exact("imposed"),
      field<&Uniaxial::stress_raw>("stress_raw", "GPa", "stress of every logged row").over("strain_raw").exact("instantaneous value"),
      field<&Uniaxial::temperature>("temperature", "K", "temperature").over("strain").exact("held by the thermostat"),
      field<&Uniaxial::youngs_modulus>("youngs_modulus", "GPa", "slope of the raw rows up to modulus_strain"),
      field<&Uniaxial::poisson_ratio>("poisson_ratio", "1", "minus lateral over axial strain up to modulus_strain"),
      field<&Uniaxial::yield_strain>("yield_strain", "1", "where the curve meets the modulus line shifted by 0.002"),
      field<&Uniaxial::yield_stress>("yield_stress", "GPa", "stress there"),
      field<&Uniaxial::peak_strain>("peak_strain", "1", "strain of the highest window"),
      field<&Uniaxial::peak_stress>("peak_stress", "GPa",
                                    "stress there; the maximum of noisy windows, biased upward and rising with `windows`"),
      field<&Uniaxial::frame_strain>("frame_strain", "1", "strain of each kept configuration").exact("imposed"),
      field<&Uniaxial::configuration>("configuration", "", "kept configurations, the reference first").exact("one configuration each"),
      field<&Uniaxial::inherent>("inherent", "", "the same, minimised at their strain").exact("one configuration each"),
      field<&Uniaxial::engine_version>("engine_version", "", "version of LAMMPS").exact("text"),
      field<&Uniaxial::written_only>("written_only", "", "scripts were written, nothing was run").exact("a fact"),
  };
  return table;
}

const Analysis& uniaxial_analysis() {
  static const Analysis entry = [] {
    Analysis a = analysis<&uniaxial>("deform", "uniaxial", "pulls or compresses a configuration at a constant rate in LAMMPS",
                                     {{"Schuh, Hufnagel, Ramamurty, Acta Mater. 55, 4067 (2007)", "10.1016/j.actamat.2007.01.052"},
                                      {"Thompson et al., Comput. Phys. Commun. 271, 108171 (2022) (LAMMPS)", "10.1016/j.cpc.2021.108171"}});
    a.cost = [](const void* options, double atoms) { return driven_cost(static_cast<const UniaxialOptions*>(options)->test, atoms); };
    return a;
  }();
  return entry;
}

}  // namespace heteroglass::deform
