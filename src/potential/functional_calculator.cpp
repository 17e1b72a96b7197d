#include "potential/functional_calculator.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace heteroglass::potential {

FunctionalCalculator::FunctionalCalculator(std::shared_ptr<const Functional> model, FunctionalSystem system)
    : model_(std::move(model)),
      near_(std::move(system.species), system.species_count, model_->cutoff(), system.skin, system.flat),
      expansion_(system.flat),
      by_atom_diameter_(std::move(system.diameter)) {}

/// Brings places and what stands beside them (diameters or F') up to date; fills embedding_ by local atom.
void FunctionalCalculator::prepare(const Box& box, std::span<const Vec3> position) {
  near_.update(box, position);
  const auto n = static_cast<std::int64_t>(size());
  if (!by_atom_diameter_.empty() && diameters_laid_ != near_.rebuilds()) {
    diameter_.resize(size());
    for (std::int64_t k = 0; k < n; ++k) diameter_[k] = by_atom_diameter_[near_.atom(k)];
    near_.spread(diameter_);
    diameters_laid_ = near_.rebuilds();
  }
  if (!model_->embedded()) return;
  embedding_.resize(size()), slope_.resize(size());
#pragma omp parallel num_threads(Neighborhood::team(size()))
  {
#pragma omp for schedule(static)
    for (std::int64_t k = 0; k < n; ++k) {
      embedding_[k] = model_->embedding(near_.species(k), model_->density(near_, k));
      slope_[k] = embedding_[k].first;
    }
    near_.spread(slope_);
  }
}

/// Energy; fills energy_ (and virial_) by local atom, and forces unless there is no room for them.
double FunctionalCalculator::sum_rows(const Box& box, std::span<const Vec3> position, std::span<Vec3> force, bool virial) {
  prepare(box, position);
  const bool embedded = model_->embedded();
  energy_.resize(size());
  if (virial) virial_.resize(size());
  const auto n = static_cast<std::int64_t>(size());
#pragma omp parallel for num_threads(Neighborhood::team(size())) schedule(static)
  for (std::int64_t k = 0; k < n; ++k) {
    const RowForce row = model_->force(near_, k, virial);
    if (!force.empty()) force[near_.atom(k)] = row.force;
    energy_[k] = embedded ? embedding_[k].energy + row.pair_energy : row.pair_energy;
    if (virial) virial_[k] = row.virial;
  }
  double sum = 0;
  for (const double e : energy_) sum += e;
  return sum;
}

double FunctionalCalculator::forces(const Box& box, std::span<const Vec3> position, std::span<Vec3> force, Voigt* virial) {
  ++evaluations_;
  if (force.size() != size()) throw Error(fmt::format("potential: forces need room for {} atoms, got {}", size(), force.size()));
  const double energy = sum_rows(box, position, force, virial != nullptr);
  if (virial) {
    virial->fill(0);
    for (const Voigt& w : virial_)
      for (std::size_t a = 0; a < 6; ++a) (*virial)[a] += w[a];
  }
  return energy;
}

PerAtom FunctionalCalculator::per_atom(const Box& box, std::span<const Vec3> position) {
  sum_rows(box, position, {}, true);
  PerAtom out{std::vector<double>(size()), std::vector<Voigt>(size())};
  for (std::size_t k = 0; k < size(); ++k) out.energy[near_.atom(k)] = energy_[k], out.virial[near_.atom(k)] = virial_[k];
  return out;
}

void FunctionalCalculator::expand(const Box& box, std::span<const Vec3> position) {
  prepare(box, position);
  expansion_.build(*model_, near_, embedding_, diameter_, box.volume());
}

void FunctionalCalculator::hessian_product(std::span<const Vec3> v, std::span<Vec3> out, std::size_t vectors) {
  expansion_.product(v, out, vectors);
}

BlockMatrix FunctionalCalculator::hessian() { return expansion_.matrix(); }
double FunctionalCalculator::hessian_bytes() { return expansion_.matrix_bytes(); }
BornTerms FunctionalCalculator::born() { return expansion_.born(); }
std::vector<Stiffness> FunctionalCalculator::born_per_atom() { return expansion_.born_per_atom(); }

}  // namespace heteroglass::potential
