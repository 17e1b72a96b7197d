#include "deform/shear.hpp"

#include <fmt/format.h>

#include "core/analysis.hpp"
#include "core/constants.hpp"
#include "deform/stress_strain.hpp"

namespace heteroglass::deform {
namespace {

/// Column of the box length along which the shear plane is stacked: ly for xy, lz for xz and yz.
std::string height_column(const std::string& plane) { return plane == "xy" ? "Ly" : "Lz"; }
std::string tilt_column(const std::string& plane) { return plane == "xy" ? "Xy" : plane == "xz" ? "Xz" : "Yz"; }

std::vector<double> strains(const Curve& log, const std::string& plane) {
  const std::vector<double>&tilt = log.at(tilt_column(plane)).values, &height = log.at(height_column(plane)).values;
  std::vector<double> out;
  for (std::size_t i = 0; i < tilt.size(); ++i) out.push_back((tilt[i] - tilt[0]) / height[i]);
  return out;
}

std::vector<double> stresses(const Curve& log, const std::string& column, double sign) {
  std::vector<double> out;
  for (const double bar : log.at(column).values) out.push_back(sign * bar * constants::bar_in_gpa);
  return out;
}

}  // namespace

Shear shear(const Frame& frame, const ShearOptions& o, Context& context) {
  const double t = o.test.temperature;
  const Drive how{.name = "shear",
                  .start = "change_box all triclinic\n",
                  .equilibrate = fmt::format("fix integrate all npt temp {0} {0} 0.1 iso 0 0 2.0\n", t),
                  .integrate = fmt::format("fix integrate all nvt temp {0} {0} 0.1\n", t),
                  .deform = o.plane + " erate",
                  .sign = 1};
  DrivenRun run = drive(frame, how, o.test, context);
  Shear result;
  result.written_only = run.written_only;
  if (run.written_only) return result;
  result.strain_raw = strains(run.log, o.plane);
  result.stress_raw = stresses(run.log, fmt::format("P{}", o.plane), -1);
  StressStrain s = stress_strain(result.strain_raw, result.stress_raw, o.test.modulus_strain, o.test.windows);
  if (const CurveColumn* p = run.log.find("Press"); p) {
    result.pressure = stress_strain(result.strain_raw, stresses(run.log, "Press", 1), o.test.modulus_strain, o.test.windows).stress;
    result.temperature = stress_strain(result.strain_raw, run.log.at("Temp").values, o.test.modulus_strain, o.test.windows).stress;
  }
  result.strain = std::move(s.strain), result.stress = std::move(s.stress), result.stress_error = std::move(s.stress_error);
  result.shear_modulus = s.modulus, result.yield_strain = s.yield_strain, result.yield_stress = s.yield_stress;
  result.peak_strain = s.peak_strain, result.peak_stress = s.peak_stress;
  result.frame_strain = std::move(run.frame_strain);
  result.configuration = std::move(run.configuration), result.inherent = std::move(run.inherent);
  result.engine_version = run.engine_version;
  return result;
}

const Fields& ShearOptions::fields() {
  static const Fields table = with_nested<&ShearOptions::test>({
      field<&ShearOptions::plane>("plane", "", "displacement along the first letter, gradient along the second").one_of({"xy", "xz", "yz"}),
  });
  return table;
}

const Fields& Shear::fields() {
  static const Fields table = {
      field<&Shear::strain>("strain", "1", "engineering shear strain, mean of each window").exact("imposed"),
      field<&Shear::stress>("stress", "GPa", "shear stress, positive along the strain").over("strain"),
      field<&Shear::stress_error>("stress_error", "GPa", "standard error of the window, from the scatter of the windows")
          .error_for("stress"),
      field<&Shear::strain_raw>("strain_raw", "1", "strain of every logged row").exact("imposed"),
      field<&Shear::stress_raw>("stress_raw", "GPa", "stress of every logged row").over("strain_raw").exact("instantaneous value"),
      field<&Shear::pressure>("pressure", "GPa", "pressure at constant volume").over("strain").exact("see the error of the stress"),
      field<&Shear::temperature>("temperature", "K", "temperature").over("strain").exact("held by the thermostat"),
      field<&Shear::shear_modulus>("shear_modulus", "GPa", "slope of the raw rows up to modulus_strain"),
      field<&Shear::yield_strain>("yield_strain", "1", "where the curve meets the modulus line shifted by 0.002"),
      field<&Shear::yield_stress>("yield_stress", "GPa", "stress there"),
      field<&Shear::peak_strain>("peak_strain", "1", "strain of the highest window"),
      field<&Shear::peak_stress>("peak_stress", "GPa",
                                 "stress there; the maximum of noisy windows, biased upward and rising with `windows`"),
      field<&Shear::frame_strain>("frame_strain", "1", "strain of each kept configuration").exact("imposed"),
      field<&Shear::configuration>("configuration", "", "kept configurations, the reference first").exact("one configuration each"),
      field<&Shear::inherent>("inherent", "", "the same, minimised at their strain").exact("one configuration each"),
      field<&Shear::engine_version>("engine_version", "", "version of LAMMPS").exact("text"),
      field<&Shear::written_only>("written_only", "", "scripts were written, nothing was run").exact("a fact"),
  };
  return table;
}

const Analysis& shear_analysis() {
  static const Analysis entry = [] {
    Analysis a = analysis<&shear>("deform", "shear", "shears a configuration at a constant rate in LAMMPS",
                                  {{"Falk, Langer, Phys. Rev. E 57, 7192 (1998)", "10.1103/PhysRevE.57.7192"},
                                   {"Thompson et al., Comput. Phys. Commun. 271, 108171 (2022) (LAMMPS)", "10.1016/j.cpc.2021.108171"}});
    a.cost = [](const void* options, double atoms) { return driven_cost(static_cast<const ShearOptions*>(options)->test, atoms); };
    return a;
  }();
  return entry;
}

}  // namespace heteroglass::deform
