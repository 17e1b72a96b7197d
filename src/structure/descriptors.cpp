#include "structure/descriptors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "core/analysis.hpp"
#include "core/error.hpp"
#include "neighbor/neighbor_list.hpp"
#include "numeric/proportion.hpp"
#include "structure/common_neighbours.hpp"
#include "structure/first_shell.hpp"
#include "structure/local_entropy.hpp"
#include "structure/pair_histogram.hpp"
#include "structure/symmetry_functions.hpp"

namespace heteroglass::structure {
namespace {

/// Bonds by (pair of species, signature); each from both ends, so that counts are even.
using Bonds = std::map<std::pair<std::size_t, int>, std::size_t>;

void add_bonds(const Frame& frame, const SpeciesPairs& pairs, std::size_t i, const std::vector<std::int32_t>& index,
               const std::vector<Signature>& signatures, Bonds& bonds) {
  for (std::size_t k = 0; k < index.size(); ++k) {
    const auto a = static_cast<std::size_t>(frame.type[i]), b = static_cast<std::size_t>(frame.type[static_cast<std::size_t>(index[k])]);
    ++bonds[{pairs.of(a, b), signatures[k].code()}];
  }
}

/// The 14 nearest of a row, ascending.
std::vector<Vec3> nearest(const neighbor::NeighborRow& row) {
  std::vector<Vec3> near;
  for (const neighbor::Neighbor& n : row) near.push_back(n.separation);
  const auto keep = std::min<std::size_t>(14, near.size());
  std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(keep), near.end(),
                    [](const Vec3& a, const Vec3& b) { return norm2(a) < norm2(b); });
  near.resize(keep);
  return near;
}

Bonds classify(const Frame& frame, const SpeciesPairs& pairs, Descriptors& out) {
  const double far = 2.2 * std::cbrt(frame.box.volume() / static_cast<double>(frame.size()));  // some 40 atoms
  const neighbor::NeighborList shell(frame, out.r_cut), wide(frame, std::max(far, out.r_cut));
  out.structure_type.resize(frame.size());
  out.five_fold_bonds.resize(frame.size());
  Bonds all;
  std::string failure;
#pragma omp parallel
  {
    Bonds mine;
    std::vector<Vec3> at;
    std::vector<std::int32_t> index;
#pragma omp for schedule(static)
    for (std::int64_t row = 0; row < static_cast<std::int64_t>(frame.size()); ++row) {
      const auto i = static_cast<std::size_t>(row);
      try {
        out.structure_type[i] = static_cast<int>(local_structure(nearest(wide.of(i))));
        at.clear(), index.clear();
        for (const neighbor::Neighbor& n : shell.of(i)) at.push_back(n.separation), index.push_back(n.index);
        const std::vector<Signature> signatures = bond_signatures(at, out.r_cut);
        const auto five = static_cast<double>(std::count(signatures.begin(), signatures.end(), Signature{5, 5, 5}));
        out.five_fold_bonds[i] = at.empty() ? NAN : five / static_cast<double>(at.size());
        add_bonds(frame, pairs, i, index, signatures, mine);
      } catch (const Error& e) {
#pragma omp critical(heteroglass_descriptors_error)
        failure = e.what();
      }
    }
#pragma omp critical(heteroglass_descriptors)
    for (const auto& [key, n] : mine) all[key] += n;
  }
  if (!failure.empty()) throw InputError(failure);
  return all;
}

Table bond_table(const Frame& frame, const SpeciesPairs& pairs, const Bonds& bonds) {
  TableColumn pair{"pair", "1", "species at the ends of the bond, or all", true, {}, {}},
      name{"signature", "1", "common neighbours, bonds among them, longest chain of these", true, {}, {}},
      count{"count", "1", "bonds", false, {}, {}}, fraction{"fraction", "1", "of the bonds of this pair", false, {}, {}},
      error{"fraction_error", "1", "", false, {}, {}};
  const std::vector<std::string> labels = pairs.labels(frame);
  const auto rows_of = [&](const std::string& label, const std::map<int, std::size_t>& of) {
    std::size_t sum = 0;
    std::vector<std::pair<std::size_t, int>> order;
    for (const auto& [code, n] : of) sum += n / 2, order.emplace_back(n / 2, code);
    std::sort(order.begin(), order.end(),
              [](const auto& a, const auto& b) { return std::pair(b.first, a.second) < std::pair(a.first, b.second); });
    for (const auto& [n, code] : order) {
      pair.text.push_back(label), name.text.push_back(fmt::format("{:03}", code));
      count.number.push_back(static_cast<double>(n));
      fraction.number.push_back(static_cast<double>(n) / static_cast<double>(sum));
      error.number.push_back(numeric::proportion_error(n, sum));
    }
  };
  std::map<int, std::size_t> every;
  std::vector<std::map<int, std::size_t>> own(labels.size());
  for (const auto& [key, n] : bonds) every[key.second] += n, own[key.first][key.second] += n;
  rows_of("all", every);
  if (labels.size() > 1)
    for (std::size_t p = 0; p < labels.size(); ++p) rows_of(labels[p], own[p]);
  return {{pair, name, count, fraction, error}};
}

Table structure_table(const std::vector<int>& types) {
  TableColumn name{"structure", "1", "adaptive common-neighbour analysis", true, {"other", "fcc", "hcp", "bcc", "icosahedron"}, {}},
      count{"count", "1", "atoms", false, {}, {}}, fraction{"fraction", "1", "of all atoms", false, {}, {}},
      error{"fraction_error", "1", "", false, {}, {}};
  for (int t = 0; t < 5; ++t) {
    const auto n = static_cast<std::size_t>(std::count(types.begin(), types.end(), t));
    count.number.push_back(static_cast<double>(n));
    fraction.number.push_back(static_cast<double>(n) / static_cast<double>(types.size()));
    error.number.push_back(numeric::proportion_error(n, types.size()));
  }
  return {{name, count, fraction, error}};
}

Table summary_table(const Frame& frame, const Descriptors& d) {
  Table t;
  t.add_text("species", "species of the atom, or all");
  for (const auto& [name, help] : {std::pair{"two_body_entropy", "mean, in k_B"},
                                   {"averaged_entropy", "mean, in k_B"},
                                   {"five_fold_bonds", "mean fraction of 555 bonds"}})
    t.add_number(name, "1", help), t.add_number(std::string(name) + "_error", "1");
  const std::vector<std::size_t> counts = frame.species_counts();
  for (int s = -1; s < static_cast<int>(counts.size()); ++s) {
    if (s >= 0 && counts[static_cast<std::size_t>(s)] == 0) continue;
    t.columns[0].text.push_back(s < 0 ? "all" : frame.species_name(static_cast<std::size_t>(s)));
    std::size_t column = 1;
    for (const auto* values : {&d.two_body_entropy, &d.averaged_entropy, &d.five_fold_bonds}) {
      std::vector<double> own;
      for (std::size_t i = 0; i < frame.size(); ++i)
        if (s < 0 || frame.type[i] == s) own.push_back((*values)[i]);
      const Measured m = numeric::mean(own);
      t.columns[column++].number.push_back(m.value), t.columns[column++].number.push_back(m.error);
    }
  }
  return t;
}

}  // namespace

const Fields& DescriptorsOptions::fields() {
  static const Fields table = {
      field<&DescriptorsOptions::r_cut>("r_cut", "angstrom", "radius of bonds and of the average; unset: first minimum of g(r)").positive(),
      field<&DescriptorsOptions::entropy_range>("entropy_range", "angstrom", "upper limit of the entropy integral; unset: 3 rho^(-1/3)")
          .positive(),
      field<&DescriptorsOptions::entropy_width>("entropy_width", "angstrom", "broadening of g_i(r); unset: 0.06 rho^(-1/3)").positive(),
      field<&DescriptorsOptions::features>("features", "", "list of numbers for learning, per atom")
          .one_of({"none", "radial", "radial-angular", "power-spectrum"}),
  };
  return table;
}

const Fields& Descriptors::fields() {
  const char* exact = "a function of the positions";
  static const Fields table = {
      field<&Descriptors::summary>("summary", "", "means over the atoms of each species"),
      field<&Descriptors::structures>("structures", "", "crystal-like and icosahedral atoms, adaptive common-neighbour analysis"),
      field<&Descriptors::bonds>("bonds", "", "signatures of the bonds within r_cut, the most frequent first"),
      field<&Descriptors::r_cut>("r_cut", "angstrom", "radius used").exact("as used"),
      field<&Descriptors::entropy_range>("entropy_range", "angstrom", "upper limit of the integral").exact("as used"),
      field<&Descriptors::entropy_width>("entropy_width", "angstrom", "broadening").exact("as used"),
      field<&Descriptors::two_body_entropy>("two_body_entropy", "1", "two-body entropy in k_B")
          .atoms("Two-body Entropy")
          .exact(exact)
          .as(Plot::histogram),
      field<&Descriptors::averaged_entropy>("averaged_entropy", "1", "two-body entropy averaged over the neighbours, in k_B")
          .atoms("Averaged Two-body Entropy")
          .exact(exact)
          .as(Plot::histogram),
      field<&Descriptors::structure_type>("structure_type", "1", "0 other, 1 fcc, 2 hcp, 3 bcc, 4 icosahedron")
          .atoms("Structure Type")
          .exact(exact),
      field<&Descriptors::five_fold_bonds>("five_fold_bonds", "1", "fraction of the bonds that are 555")
          .atoms("Five-fold Bonds")
          .exact(exact),
      field<&Descriptors::feature>("feature", "", "names of the columns of descriptor"),
      field<&Descriptors::descriptor>("descriptor", "1", "the chosen features of each atom")
          .atoms("Descriptor")
          .labelled("feature")
          .exact(exact),
  };
  return table;
}

Descriptors descriptors(const Frame& frame, const DescriptorsOptions& o, Context& context) {
  if (frame.size() == 0) throw InputError(fmt::format("{}: must hold atoms, got 0", frame.source));
  const double spacing = std::cbrt(frame.box.volume() / static_cast<double>(frame.size()));
  if (!frame.box.fully_periodic()) context.warn("the entropy takes the density from the volume of the box, which has open sides");
  Descriptors out;
  out.r_cut = shell_radius(frame, o.r_cut);
  out.entropy_range = o.entropy_range.value_or(3 * spacing);
  out.entropy_width = o.entropy_width.value_or(0.06 * spacing);
  const Bonds bonds = classify(frame, SpeciesPairs(frame), out);
  out.structures = structure_table(out.structure_type);
  out.bonds = bond_table(frame, SpeciesPairs(frame), bonds);
  context.progress(0.2, "two-body entropy");
  out.two_body_entropy = two_body_entropy(frame, {out.entropy_range, out.entropy_width, out.r_cut}, context);
  out.averaged_entropy = averaged_entropy(frame, out.two_body_entropy, out.r_cut);
  out.summary = summary_table(frame, out);
  if (o.features != "none") {
    context.progress(0.6, "features");
    Features f = symmetry_functions(frame,
                                    o.features == "radial"           ? radial_set(frame)
                                    : o.features == "radial-angular" ? radial_angular_set(frame)
                                                                     : power_spectrum_set(frame),
                                    context);
    out.feature = std::move(f.name), out.descriptor = std::move(f.values);
  }
  return out;
}

const Analysis& descriptors_analysis() {
  static const Analysis entry =
      analysis<&descriptors>("structure", "descriptors", "two-body entropy, common neighbours and features for learning, of each atom",
                             {{"Piaggi, Parrinello, J. Chem. Phys. 147, 114112 (2017)", "10.1063/1.4998408"},
                              {"Honeycutt, Andersen, J. Phys. Chem. 91, 4950 (1987)", "10.1021/j100303a014"},
                              {"Stukowski, Model. Simul. Mater. Sci. Eng. 20, 045021 (2012)", "10.1088/0965-0393/20/4/045021"},
                              {"Behler, Parrinello, Phys. Rev. Lett. 98, 146401 (2007)", "10.1103/PhysRevLett.98.146401"},
                              {"Bartok, Kondor, Csanyi, Phys. Rev. B 87, 184115 (2013)", "10.1103/PhysRevB.87.184115"}});
  return entry;
}

}  // namespace heteroglass::structure
