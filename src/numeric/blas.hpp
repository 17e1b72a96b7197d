/// The routines of BLAS and LAPACK that this folder calls, by their Fortran names. Included only by its .cpp files.
#pragma once

extern "C" {
void dgemm_(const char* ta, const char* tb, const int* m, const int* n, const int* k, const double* alpha, const double* a, const int* lda,
            const double* b, const int* ldb, const double* beta, double* c, const int* ldc);
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dpotrs_(const char* uplo, const int* n, const int* vectors, const double* a, const int* lda, double* b, const int* ldb, int* info);
void dsyevr_(const char* job, const char* range, const char* uplo, const int* n, double* a, const int* lda, const double* vl,
             const double* vu, const int* il, const int* iu, const double* tolerance, int* found, double* w, double* z, const int* ldz,
             int* support, double* work, const int* lwork, int* iwork, const int* liwork, int* info);
void dstev_(const char* job, const int* n, double* d, double* e, double* z, const int* ldz, double* work, int* info);
void openblas_set_num_threads(int);
int openblas_get_num_threads(void);
}

namespace heteroglass::numeric {

/// BLAS on one thread while this lives: sums then do not depend on the number of threads.
class OneBlasThread {
 public:
  OneBlasThread() : before_(openblas_get_num_threads()) { openblas_set_num_threads(1); }
  ~OneBlasThread() { openblas_set_num_threads(before_); }
  OneBlasThread(const OneBlasThread&) = delete;
  OneBlasThread& operator=(const OneBlasThread&) = delete;

 private:
  int before_;
};

}  // namespace heteroglass::numeric
