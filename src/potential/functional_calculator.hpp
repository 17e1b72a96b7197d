/// The calculator of every model that is a pair functional (see functional.hpp).
///
/// Forces take one pass over the rows of neighbours, two where there is embedding; each atom sums its own row, so that threads never
/// write to the same place and sums have one order. Sums over atoms are taken in the order of the cells.
#pragma once

#include "potential/expansion.hpp"
#include "potential/functional.hpp"
#include "potential/potential.hpp"

namespace heteroglass::potential {

struct FunctionalSystem {
  std::vector<int> species;      ///< by atom: index of the model
  int species_count = 1;         ///< of the model
  std::vector<double> diameter;  ///< by atom; empty where the model needs none
  double skin = 0.5;
  bool flat = false;
};

class FunctionalCalculator final : public Calculator {
 public:
  FunctionalCalculator(std::shared_ptr<const Functional> model, FunctionalSystem system);

  std::size_t size() const override { return near_.size(); }
  double forces(const Box& box, std::span<const Vec3> position, std::span<Vec3> force, Voigt* virial) override;
  void select(std::span<const char> moving) override;
  PerAtom per_atom(const Box& box, std::span<const Vec3> position) override;
  void expand(const Box& box, std::span<const Vec3> position) override;
  void hessian_product(std::span<const Vec3> v, std::span<Vec3> out, std::size_t vectors) override;
  BlockMatrix hessian() override;
  double hessian_bytes() override;
  BornTerms born() override;
  std::vector<Stiffness> born_per_atom() override;
  std::int64_t rebuilds() const { return near_.rebuilds(); }

 private:
  void prepare(const Box& box, std::span<const Vec3> position);
  double sum_rows(const Box& box, std::span<const Vec3> position, std::span<Vec3> force, bool virial);
  void lay_diameters();
  void sum_moving_rows(std::span<Vec3> force);
  void find_selected();

  std::shared_ptr<const Functional> model_;
  Neighborhood near_;
  Expansion expansion_;
  std::vector<double> by_atom_diameter_, diameter_;  ///< by atom, by local atom
  std::int64_t diameters_laid_ = -1;                 ///< for which list
  std::vector<double> slope_;
  std::vector<Embedding> embedding_;
  std::vector<double> energy_;                         ///< by local atom, then by block
  std::vector<Voigt> virial_;                          ///< by local atom
  std::vector<char> moving_;                           ///< by atom; empty: all
  std::vector<std::int64_t> moving_rows_, felt_rows_;  ///< local indices of the moving atoms, and of the still ones that they reach
  std::vector<double> still_density_;                  ///< what each of felt_rows_ gets from still atoms
  std::int64_t selected_for_ = -1;                     ///< the list for which these are
};

}  // namespace heteroglass::potential
