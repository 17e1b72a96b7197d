/// A made-up study with every shape that a report has to show: curves with errors, several curves, bars, tables, matrices,
/// per-atom results with atoms beside them, warnings. The numbers mean nothing.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace heteroglass::test {

inline std::string json_list(std::size_t n, const std::function<double(double)>& f) {
  std::string out = "[";
  for (std::size_t i = 0; i < n; ++i) out += fmt::format("{}{:.6g}", i ? "," : "", f(static_cast<double>(i)));
  return out + "]";
}

inline std::string sample_result(const std::string& analysis, const std::string& results, const std::string& warnings = "") {
  return fmt::format(
      R"json({{"analysis":"{0}","version":"0.1.0","command":"heteroglass {0} glass.data --r-max 12angstrom -o {0}","units":"metal",
    "inputs":[{{"path":"glass.data","sha256":"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}}],
    "options":{{"r_max":{{"value":12,"unit":"angstrom","default":false}},"bins":{{"value":200,"unit":"1","default":true}},
      "radii":{{"value":{{"Cu":1.28,"Zr":1.6}},"unit":"angstrom","default":true}}}},
    "results":{{{1}}},"warnings":[{2}],"references":[{{"text":"Falk, Langer, Phys. Rev. E 57, 7192 (1998)","doi":"10.1103/PhysRevE.57.7192"}}]}})json",
      analysis, results, warnings);
}

inline std::string sample_pdf() {
  const auto peak = [](double first) {
    return [first](double i) {
      const double r = 0.06 * i;
      return r < first - 0.6 ? 0
                             : 1 + 2.4 * std::exp(-4 * (r - first) * (r - first)) * std::cos(2 * (r - first)) +
                                   0.5 * std::sin(2.6 * (r - first)) * std::exp(-0.2 * r);
    };
  };
  return sample_result(
      "structure/sample-pdf",
      fmt::format(
          R"("r":{{"value":{0},"unit":"angstrom"}},"g":{{"value":{1},"unit":"1","error":{2},"against":"r","plot":"line","help":"total pair distribution function"}},
      "pair":{{"value":["Cu-Cu","Cu-Zr","Zr-Zr"]}},"g_partial":{{"value":[{1},{3},{4}],"unit":"1","against":"r","rows":"pair","plot":"line","help":"partial pair distribution functions"}},
      "first_peak":{{"value":2.8134,"error":0.0121,"unit":"angstrom","help":"position of the first maximum of g"}},
      "number_density":{{"value":0.06112345,"unit":"1/angstrom^3","note":"from the box"}},
      "coordination":{{"value":[5.214,6.873,4.02],"error":[0.021,0.03,0.015],"unit":"1","rows":"pair","help":"atoms of the second species round one of the first"}})",
          json_list(200, [](double i) { return 0.06 * i; }), json_list(200, peak(2.8)),
          json_list(200, [](double i) { return 0.4 / (1 + 0.1 * i); }), json_list(200, peak(2.55)), json_list(200, peak(3.15))));
}

inline std::string sample_tension() {
  const auto stress = [](double i) {
    const double e = 0.0004 * i;
    return 2.4 * (1 - std::exp(-e / 0.02)) * (1 + 0.35 * std::exp(-std::pow((e - 0.07) / 0.03, 2))) + 0.05 * std::sin(1.7 * i);
  };
  return sample_result(
      "deform/sample-tension",
      fmt::format(
          R"("strain":{{"value":{},"unit":"1"}},"stress":{{"value":{},"unit":"GPa","against":"strain","plot":"line","help":"engineering stress"}},
      "youngs_modulus":{{"value":84.37,"error":1.94,"unit":"GPa","help":"slope below 1 % strain","interval":{{"value":[80.5,88.2],"method":"covariance"}}}},
      "yield_strain":{{"value":0.02345,"error":0.0006,"unit":"1","help":"0.2 % offset"}},"strain_rate":{{"value":1e8,"unit":"1/s","help":"as run"}},
      "diffusivity":{{"value":1.2345e-13,"error":4.2e-15,"unit":"m^2/s"}},"converged":{{"value":true}},
      "stiffness":{{"value":[[176.5,98.2,97.9],[98.2,175.1,98.8],[97.9,98.8,174.4]],"error":[[1.2,0.8,0.8],[0.8,1.1,0.9],[0.8,0.9,1.4]],"unit":"GPa","help":"upper block, Voigt order"}})",
          json_list(500, [](double i) { return 0.0004 * i; }), json_list(500, stress)),
      R"("the strain rate is eight decades above a laboratory's: yield stress and strain are upper bounds","the box holds one shear band at most")");
}

inline std::string sample_populations() {
  std::string rows;
  const std::vector<std::string> names = {"<0,0,12,0>", "<0,2,8,2>", "<0,2,8,1>",  "<0,3,6,3>",
                                          "<0,1,10,2>", "<0,3,6,4>", "<0,1,10,5>", "<0,0,12,4>"};
  for (int i = 0; i < 36; ++i) {
    const double part = 0.16 * std::exp(-0.12 * i);
    rows += fmt::format(R"({}{{"species":"{}","index":"{}","count":{},"fraction":{:.5f},"fraction_error":{:.5f}}})", i ? "," : "",
                        i % 2 ? "Zr" : "Cu", i < 16 ? names[i / 2] : fmt::format("<1,{},{},{}>", i % 5, i % 7, i % 4),
                        static_cast<int>(2000 * part), part, 0.02 * std::sqrt(part));
  }
  return sample_result(
      "structure/sample-populations",
      R"("index":{"unit":{"count":"1","fraction":"1"},"plot":"bars","help":"populations of the indices, per species of the central atom","value":[)" +
          rows + "]}");
}

inline std::string sample_correlation() {
  std::string rows;
  for (const char* species : {"Cu", "Zr", "pooled"})
    for (const char* indicator : {"atomic volume", "five-fold fraction", "coordination", "q6", "shuffled control"}) {
      const double rho = std::string(indicator) == "shuffled control" ? 0.004 : 0.05 + 0.01 * static_cast<double>(rows.size() % 13);
      rows += fmt::format(
          R"({}{{"indicator":"{}","species":"{}","spearman":{:.4f},"spearman_error":0.021,"auc":{:.4f},"auc_error":0.013,"top_decile_enhancement":{:.3f},"top_decile_enhancement_error":0.14}})",
          rows.empty() ? "" : ",", indicator, species, rho, 0.5 + rho / 2, 1 + 2 * rho);
    }
  return sample_result(
      "links/sample-correlation",
      R"("table":{"unit":{"spearman":"1","auc":"1","top_decile_enhancement":"1"},"plot":"bars","help":"structure of the reference against nonaffine motion; positive class of the area: the top 10 % of D2min in each species","value":[)" +
          rows + "]}",
      R"("no indicator ranks the atoms well: the largest |Spearman| is 0.17 +- 0.02")");
}

/// Writes atoms.extxyz into `directory` and describes its columns.
inline std::string sample_atoms(const std::filesystem::path& directory, int edge) {
  std::mt19937 random(7);
  std::normal_distribution<double> normal;
  const double a = 2.55, length = edge * a;
  std::string lines, d2min = "[", volume = "[";
  int n = 0;
  for (int i = 0; i < edge; ++i)
    for (int j = 0; j < edge; ++j)
      for (int k = 0; k < edge; ++k) {
        const double x = a * i + 0.35 * normal(random), y = a * j + 0.35 * normal(random), z = a * k + 0.35 * normal(random);
        const double far = std::pow((i + j - edge) / (0.15 * edge), 2),
                     soft = 0.08 * std::exp(0.8 * normal(random)) + 6 * std::exp(-far) * std::exp(0.5 * normal(random));
        const bool zr = (7 * i + 5 * j + 3 * k) % 25 < 9;
        const double v = (zr ? 21.5 : 14.2) * (1 + 0.05 * normal(random));
        lines += fmt::format("{} {:.5f} {:.5f} {:.5f} {} {:.5g} {:.5g} {:.5g}\n", zr ? "Zr" : "Cu", x, y, z, n + 1, soft, v,
                             0.02 * normal(random));
        d2min += fmt::format("{}{:.5g}", n ? "," : "", soft), volume += fmt::format("{}{:.5g}", n ? "," : "", v);
        ++n;
      }
  std::ofstream(directory / "atoms.extxyz")
      << n
      << fmt::format(
             "\nLattice=\"{0} 0 0 0 {0} 0 0 0 {0}\" "
             "Properties=species:S:1:pos:R:3:id:I:1:D2min_Sum:R:1:Atomic_Volume:R:1:Volumetric_Strain:R:1 pbc=\"T T T\"\n",
             length)
      << lines;
  return sample_result(
      "deform/sample-strain",
      fmt::format(
          R"("d2min_sum":{{"value":{}],"unit":"angstrom^2","column":"D2min Sum","help":"nonaffine squared displacement, sum over neighbours"}},
      "atomic_volume":{{"value":{}],"unit":"angstrom^3","column":"Atomic Volume","help":"radical Voronoi cell"}},
      "mean":{{"value":0.8231,"error":0.0331,"unit":"angstrom^2","help":"mean of D2min over atoms","note":"spatial blocks"}})",
          d2min, volume));
}

inline report::Document sample_report(const std::filesystem::path& directory, int edge = 13) {
  report::Document d;
  d.title = "Where is Cu64Zr36 soft? A sample report";
  d.text =
      "A study with **made-up numbers** that shows every part of a report.\n\nIt asks whether structure predicts `D2min`:\n\n- a quench\n- "
      "a pull\n- a comparison";
  d.version = "0.1.0";
  d.sections = {{"glass", "Pair distribution of the *inherent structure* at 300 K.", sample_pdf(), {}},
                {"structure/sample-populations", "", sample_populations(), {}},
                {"pull", "Tension along x at 10^8 /s.", sample_tension(), {}},
                {"strain", "", sample_atoms(directory, edge), directory},
                {"does structure predict it?", "", sample_correlation(), {}}};
  return d;
}

}  // namespace heteroglass::test
