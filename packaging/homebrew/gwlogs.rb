# Made by packaging/dist for release @VERSION@; it goes into a tap.
class Gwlogs < Formula
  desc "Says why a Data Management Gateway or integration runtime is broken"
  homepage "https://github.com/gwlogs/gwlogs"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "@DOWNLOADS@/@DARWIN_ARM64_ZIP@"
      sha256 "@DARWIN_ARM64_SHA256@"
    end
    on_intel do
      url "@DOWNLOADS@/@DARWIN_AMD64_ZIP@"
      sha256 "@DARWIN_AMD64_SHA256@"
    end
  end

  on_linux do
    on_arm do
      url "@DOWNLOADS@/@LINUX_ARM64_ZIP@"
      sha256 "@LINUX_ARM64_SHA256@"
    end
    on_intel do
      url "@DOWNLOADS@/@LINUX_AMD64_ZIP@"
      sha256 "@LINUX_AMD64_SHA256@"
    end
  end

  def install
    bin.install "gwlogs"
    generate_completions_from_executable(bin/"gwlogs", "completion")
  end

  test do
    assert_match "gwlogs v@VERSION@", shell_output("#{bin}/gwlogs version")
  end
end
