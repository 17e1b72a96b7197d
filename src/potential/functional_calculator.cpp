#include "potential/functional_calculator.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace heteroglass::potential {

FunctionalCalculator::FunctionalCalculator(std::shared_ptr<const Functional> model, FunctionalSystem system)
    : model_(std::move(model)),
      near_(std::move(system.species), system.species_count, model_->cutoff(), system.skin, system.flat),
      expansion_(system.flat),
      by_atom_diameter_(std::move(system.diameter)) {}

void FunctionalCalculator::lay_diameters() {
  if (by_atom_diameter_.empty() || diameters_laid_ == near_.rebuilds()) return;
  diameter_.resize(size());
  for (std::size_t k = 0; k < size(); ++k) diameter_[k] = by_atom_diameter_[near_.atom(k)];
  near_.spread(diameter_);
  diameters_laid_ = near_.rebuilds();
}

/// Brings places and what stands beside them (diameters or F') up to date; fills embedding_ by local atom.
void FunctionalCalculator::prepare(const Box& box, std::span<const Vec3> position) {
  near_.update(box, position);
  const auto n = static_cast<std::int64_t>(size());
  lay_diameters();
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

void FunctionalCalculator::select(std::span<const char> moving) {
  moving_.assign(moving.begin(), moving.end());
  near_.forget();
}

/// The forces on moving atoms need the embedding slopes of their neighbours; of these the still ones get new density from moving atoms only.
void FunctionalCalculator::find_selected() {
  moving_rows_.clear(), felt_rows_.clear(), still_density_.clear();
  const auto moves = [&](std::size_t local) { return moving_[static_cast<std::size_t>(near_.atom(local))] != 0; };
  std::vector<char> felt(size(), 0);
  for (std::size_t k = 0; k < size(); ++k) {
    if (!moves(k)) continue;
    moving_rows_.push_back(static_cast<std::int64_t>(k));
    for (int s = 0; s < near_.species_count(); ++s) {
      const Neighborhood::Segment& row = near_.segment(k, s);
      for (std::int32_t j = 0; j < row.count; ++j) felt[static_cast<std::size_t>(near_.home(static_cast<std::size_t>(row.places[j])))] = 1;
    }
  }
  slope_.assign(size(), 0);
  for (std::size_t k = 0; k < size() && model_->embedded(); ++k) {
    if (!felt[k] || moves(k)) continue;
    felt_rows_.push_back(static_cast<std::int64_t>(k));
    const double all = model_->density(near_, k);
    near_.keep_only(k, moves);
    still_density_.push_back(all - model_->density(near_, k));
  }
  selected_for_ = near_.rebuilds();
}

void FunctionalCalculator::sum_moving_rows(std::span<Vec3> force) {
  if (selected_for_ != near_.rebuilds()) find_selected();
  const auto moving = static_cast<std::int64_t>(moving_rows_.size()), felt = static_cast<std::int64_t>(felt_rows_.size());
#pragma omp parallel num_threads(Neighborhood::team(moving_rows_.size() + felt_rows_.size()))
  {
    if (model_->embedded()) {
#pragma omp for schedule(static)
      for (std::int64_t row = 0; row < moving + felt; ++row) {
        const std::int64_t k = row < moving ? moving_rows_[row] : felt_rows_[row - moving];
        const double still = row < moving ? 0 : still_density_[row - moving];
        slope_[k] = model_->embedding(near_.species(k), still + model_->density(near_, k)).first;
      }
      near_.spread(slope_);
    }
#pragma omp for schedule(static)
    for (std::int64_t row = 0; row < moving; ++row) {
      const std::int64_t k = moving_rows_[row];
      force[near_.atom(k)] = model_->force(near_, k, false).force;
    }
  }
}

double FunctionalCalculator::forces(const Box& box, std::span<const Vec3> position, std::span<Vec3> force, Voigt* virial) {
  ++evaluations_;
  if (force.size() != size()) throw Error(fmt::format("potential: forces need room for {} atoms, got {}", size(), force.size()));
  if (!moving_.empty()) {
    near_.update(box, position);
    lay_diameters();
    sum_moving_rows(force);
    return 0;
  }
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
