/// A small analysis with a member of every kind, for testing what is driven by `fields()`.
#pragma once

#include "core/analysis.hpp"

namespace heteroglass::test {

struct SampleOptions {
  double r_cut = 3.5;
  std::optional<double> limit;
  int bins = 10;
  bool smooth = false;
  std::string weights = "number";
  std::vector<double> omega = {1};
  std::vector<std::string> names;
  std::map<std::string, double> radii;
  double width = 2;

  static const Fields& fields() {
    static const Fields table = {
        field<&SampleOptions::r_cut>("r_cut", "angstrom", "shell radius").positive().alias("cutoff"),
        field<&SampleOptions::limit>("limit", "GPa", "upper limit").range(0, 100),
        field<&SampleOptions::bins>("bins", "1", "number of bins").range(1, 1000),
        field<&SampleOptions::smooth>("smooth", "", "smooth the curve"),
        field<&SampleOptions::weights>("weights", "", "weights").one_of({"number", "xray"}),
        field<&SampleOptions::omega>("omega", "rad/s", "angular frequencies").positive(),
        field<&SampleOptions::names>("names", "", "names"),
        field<&SampleOptions::radii>("radii", "angstrom", "radii").positive(),
        field<&SampleOptions::width>("width", "K", "temperature width").difference(),
    };
    return table;
  }
};

struct SampleResult {
  Measured density{1, 0.1, "counting"};
  double volume = 0;
  int atoms = 0;
  std::vector<double> r, g, g_error;
  Matrix partial;
  std::vector<std::string> pair;
  Table index;
  std::vector<double> height;

  static const Fields& fields() {
    static const Fields table = {
        field<&SampleResult::density>("density", "1/angstrom^3", "number density"),
        field<&SampleResult::volume>("volume", "angstrom^3", "volume").exact("read from the file"),
        field<&SampleResult::atoms>("atoms", "1", "number of atoms").exact("a count"),
        field<&SampleResult::r>("r", "angstrom", "distance").exact("bin centres"),
        field<&SampleResult::g>("g", "1", "pair distribution").over("r"),
        field<&SampleResult::g_error>("g_error", "1", "counting error").error_for("g"),
        field<&SampleResult::partial>("partial", "1", "partials").over("r").labelled("pair").exact("test"),
        field<&SampleResult::pair>("pair", "", "labels").exact("names"),
        field<&SampleResult::index>("index", "", "table"),
        field<&SampleResult::height>("height", "angstrom", "z of each atom").atoms("Height").exact("read from the file"),
    };
    return table;
  }
};

/// Density, volume and the like of a frame; the numbers depend on the frame in a known way.
inline SampleResult sample(const Frame& frame, const SampleOptions& options, Context&) {
  SampleResult s;
  const double n = double(frame.size()), v = frame.box.volume();
  s.density = {n / v, std::sqrt(n) / v, "counting"};
  s.volume = v;
  s.atoms = int(frame.size());
  s.r = {1, 2};
  s.g = {v, 2 * options.r_cut};
  s.g_error = {0.5, 0.25};
  s.partial = Matrix(1, 2, v);
  s.pair = {"Cu-Cu"};
  TableColumn& kind = s.index.add_text("kind");
  kind.text = {"a"};
  s.index.add_number("count", "1").number = {v};
  s.index.add_number("count_error", "1").number = {1};
  for (const Vec3& r : frame.position) s.height.push_back(r.z);
  return s;
}

inline const Analysis& sample_analysis() {
  static const Analysis entry = analysis<&sample>("test", "sample", "numbers of a frame", {{"Nobody, Nowhere 1, 1 (2000)", "10.1/2"}});
  return entry;
}

}  // namespace heteroglass::test
