#!/bin/sh
# Makes the test CA and the certificate of the practice server anew. They are good until 2126 and for tests alone:
# the keys are public, so nothing must ever trust this CA outside of a test's own client.
set -eu
cd "$(dirname "$0")"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -sha256 \
  -keyout ca.key -out ca.crt -subj '/CN=Waybill test CA (never trust)' \
  -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign'
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
  -keyout server.key -out server.csr -subj '/CN=practice server'
cat > server.ext <<'EXT'
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:*.oss-cn-hangzhou.aliyuncs.com,DNS:oss-cn-hangzhou.aliyuncs.com,DNS:*.oss-cn-beijing.aliyuncs.com,DNS:*.oss-accelerate.aliyuncs.com,DNS:*.aliyuncs.com,DNS:sts.cn-hangzhou.aliyuncs.com,DNS:files.example.com,DNS:localhost,IP:127.0.0.1
EXT
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 36500 -sha256 \
  -extfile server.ext -out server.crt
rm -f server.csr server.ext ca.srl ca.key
