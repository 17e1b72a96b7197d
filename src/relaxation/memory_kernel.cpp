#include "relaxation/memory_kernel.hpp"

namespace heteroglass::relaxation {

MemoryKernel MemoryKernel::constant(double friction) {
  MemoryKernel k;
  k.friction_ = friction;
  return k;
}

MemoryKernel MemoryKernel::stretched(double nu0, double tau, double b) {
  MemoryKernel k;
  k.nu0_ = nu0, k.tau_ = tau;
  k.friction_ = nu0 * tau * (b == 1 ? 1 : kww_mean_time(b));
  if (b != 1) k.kww_ = std::make_shared<const KwwTransform>(b);
  return k;
}

MemoryKernel MemoryKernel::stretched_from_friction(double friction, double tau, double b) {
  return stretched(friction / (tau * (b == 1 ? 1 : kww_mean_time(b))), tau, b);
}

std::complex<double> MemoryKernel::operator()(double omega) const {
  if (nu0_ == 0 || omega == 0) return friction_;
  if (!kww_) return nu0_ * tau_ / std::complex<double>(1, omega * tau_);
  return nu0_ * tau_ * kww_->fourier(omega * tau_);
}

}  // namespace heteroglass::relaxation
