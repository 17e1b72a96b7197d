#include "potential/functional_calculator.hpp"

namespace heteroglass::potential {

FunctionalCalculator::FunctionalCalculator(std::shared_ptr<const Functional> model, FunctionalSystem system)
    : model_(std::move(model)),
      near_(std::move(system.species), system.species_count, model_->cutoff(), system.skin, system.flat),
      expansion_(system.flat),
      by_atom_diameter_(std::move(system.diameter)) {}

/// Fills rows_ (and embedding_), by local atom.
void FunctionalCalculator::sum_rows(const Box& box, std::span<const Vec3> position, bool virial) {
  near_.update(box, position);
  const auto n = static_cast<std::int64_t>(size());
  if (!by_atom_diameter_.empty() && spread_for_ != near_.rebuilds()) {
    diameter_.resize(size());
    for (std::int64_t k = 0; k < n; ++k) diameter_[k] = by_atom_diameter_[near_.atom(k)];
    near_.spread(diameter_, diameter_places_);
    diameter_places_.back() = 1;
    spread_for_ = near_.rebuilds();
  }
  rows_.resize(size());
  if (model_->embedded()) {
    embedding_.resize(size()), slope_.resize(size());
#pragma omp parallel for schedule(static)
    for (std::int64_t k = 0; k < n; ++k) {
      embedding_[k] = model_->embedding(near_.species(k), model_->density(near_, k));
      slope_[k] = embedding_[k].first;
    }
    near_.spread(slope_, slope_places_);
  }
#pragma omp parallel for schedule(static)
  for (std::int64_t k = 0; k < n; ++k) rows_[k] = model_->force(near_, k, slope_places_.data(), diameter_places_.data(), virial);
}

double FunctionalCalculator::forces(const Box& box, std::span<const Vec3> position, std::span<Vec3> force, Voigt* virial) {
  sum_rows(box, position, virial != nullptr);
  ++evaluations_;
  double energy = 0;
  if (virial) virial->fill(0);
  for (std::size_t k = 0; k < size(); ++k) {
    energy += rows_[k].pair_energy;
    if (model_->embedded()) energy += embedding_[k].energy;
    force[near_.atom(k)] = rows_[k].force;
    if (virial)
      for (std::size_t a = 0; a < 6; ++a) (*virial)[a] += rows_[k].virial[a];
  }
  return energy;
}

PerAtom FunctionalCalculator::per_atom(const Box& box, std::span<const Vec3> position) {
  sum_rows(box, position, true);
  PerAtom out{std::vector<double>(size()), std::vector<Voigt>(size())};
  for (std::size_t k = 0; k < size(); ++k) {
    out.energy[near_.atom(k)] = rows_[k].pair_energy + (model_->embedded() ? embedding_[k].energy : 0);
    out.virial[near_.atom(k)] = rows_[k].virial;
  }
  return out;
}

void FunctionalCalculator::expand(const Box& box, std::span<const Vec3> position) {
  sum_rows(box, position, false);
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
