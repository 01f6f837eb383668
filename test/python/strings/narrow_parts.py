"""Parts of strings with wide characters equal, and hash as, narrow strings."""
s = 'ab\U0001f600'
print('%.2s' % s == 'ab', f'{s:.2}' == 'ab', f'{s:.2}x' == 'abx', '%.2sx' % s == 'abx', '{:.2}{}'.format(s, 'c') == 'abc')
print({'ab': 1}.get('%.2s' % s), hash('%.2s' % s) == hash('ab'), '%.1s' % 'é日' == 'é', '%.2s' % '日本\U0001f600' == '日本')
print(s.replace('\U0001f600', 'c') == 'abc', s.strip('\U0001f600') == 'ab', s.zfill(5)[:4] == '00ab')
